/* targets: what is fuzzed, one line for each file target_*.c.
 *
 * FUZZ_TARGET(name, max, runs): max is the longest input in bytes that the fuzzer makes, runs how many inputs it tries
 * in `tests/run fuzz`: fast ones many, together 3 million and more. */
FUZZ_TARGET(yaml, 2048, 500000)
FUZZ_TARGET(json, 2048, 800000)
FUZZ_TARGET(text, 1024, 20000)
FUZZ_TARGET(sidecar, 2048, 60000)
FUZZ_TARGET(journal, 2048, 8000)
FUZZ_TARGET(config, 2048, 20000)
FUZZ_TARGET(rules, 1024, 40000)
FUZZ_TARGET(find, 512, 500000)
FUZZ_TARGET(merge, 2048, 700000)
FUZZ_TARGET(sidecars, 4096, 10000)
FUZZ_TARGET(import, 2048, 10000)
FUZZ_TARGET(state, 1024, 150000)
FUZZ_TARGET(input, 512, 200000)
FUZZ_TARGET(screens, 256, 2000)
