/* targets: what is fuzzed, one line for each file target_*.c.
 *
 * FUZZ_TARGET(name, max): max is the longest input in bytes that the fuzzer makes. */
FUZZ_TARGET(yaml, 2048)
FUZZ_TARGET(json, 2048)
FUZZ_TARGET(text, 1024)
FUZZ_TARGET(sidecar, 2048)
FUZZ_TARGET(journal, 2048)
FUZZ_TARGET(config, 2048)
FUZZ_TARGET(rules, 1024)
FUZZ_TARGET(find, 512)
FUZZ_TARGET(merge, 2048)
FUZZ_TARGET(import, 2048)
FUZZ_TARGET(state, 1024)
FUZZ_TARGET(input, 512)
FUZZ_TARGET(screens, 256)
