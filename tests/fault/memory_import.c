/* memory_import.c: every allocation fails inside libxml2 and libarchive: a page, a book and XMI are imported.  Memory
 * that runs out in a library must not pass for a file that ends early: what is there then is the whole article or
 * none.
 *
 * libarchive takes no other malloc() than the system's; short of memory it says so, blames the archive, ends the process
 * with status 1, or (3.6.2, in its zip reader) follows NULL.  An import is a command and nothing is lost by that. */
#include "runner.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "annotations/formats/import.h"

#ifdef __SANITIZE_ADDRESS__

void test_memory_import(void)
{
	printf("ok - failing allocations while importing # SKIP the sanitizer has a malloc of its own\n");
}

#else

static const char page[] =
	"<!DOCTYPE html><html lang=zh><head><meta charset=utf-8><title>会议</title></head><body><nav>首页</nav><h1>会议纪要</h1>"
	"<p>卢志军主持&amp;讲话。<br>完</p><ul><li>一<li>二</ul><table><tr><td>甲</td><td>乙</td></tr></table></body></html>";

static const char chapter[] =
	"<?xml version=\"1.0\" encoding=\"utf-8\"?><html xmlns=\"http://www.w3.org/1999/xhtml\"><head><title>志略</title></head>"
	"<body><h1>第一章</h1><p>卢志军主持。</p><p><ruby>實<rt>shí</rt></ruby>則</p></body></html>";

static const char container[] =
	"<container version=\"1.0\" xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\"><rootfiles><rootfile "
	"full-path=\"content.opf\" media-type=\"application/oebps-package+xml\"/></rootfiles></container>";

static const char package[] =
	"<package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\"><metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\">"
	"<dc:title>志略</dc:title><dc:language>zh</dc:language></metadata><manifest><item id=\"c\" href=\"c.xhtml\" "
	"media-type=\"application/xhtml+xml\"/></manifest><spine><itemref idref=\"c\"/></spine></package>";

static const char xmi[] =
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?><xmi:XMI xmi:version=\"2.0\" xmlns:xmi=\"http://www.omg.org/XMI\" "
	"xmlns:cas=\"http:///uima/cas.ecore\" xmlns:t=\"http:///de/tudarmstadt/ukp/dkpro/core/api/ner/type.ecore\">"
	"<cas:NULL xmi:id=\"0\"/><t:NamedEntity xmi:id=\"3\" sofa=\"1\" begin=\"5\" end=\"8\" value=\"PERSON\"/>"
	"<cas:Sofa xmi:id=\"1\" sofaNum=\"1\" sofaID=\"_InitialView\" mimeType=\"text\" sofaString=\"会议纪要&#10;卢志军主持。&#10;\"/>"
	"<cas:View sofa=\"1\" members=\"3\"/></xmi:XMI>";

/* ---- a book ----------------------------------------------------------------------------------------------------- */

static void add_number(struct buf *b, uint32_t number, int bytes)
{
	for (int i = 0; i < bytes; i++)
		buf_addc(b, (char)(number >> 8 * i & 0xff));
}

/* A member as in PKWARE's APPNOTE 4.3, deflated as RFC 1951 has it: one block, stored. */
static void add_member(struct buf *zip, struct buf *directory, const char *name, const char *text)
{
	struct buf head = {0}, data = {0};
	uint32_t n = (uint32_t)strlen(text), at = (uint32_t)zip->n;
	buf_addc(&data, 1);
	add_number(&data, n, 2);
	add_number(&data, ~n, 2);
	buf_adds(&data, text);
	add_number(&head, 20, 2);                 /* version needed */
	add_number(&head, 1 << 11, 2);            /* names are UTF-8 */
	add_number(&head, 8, 2);                  /* deflated */
	add_number(&head, 0x00210000, 4);         /* 1980-01-01 */
	add_number(&head, journal_crc(str_of(text)), 4); /* the same CRC-32 */
	add_number(&head, (uint32_t)data.n, 4);
	add_number(&head, n, 4);
	add_number(&head, (uint32_t)strlen(name), 2);
	add_number(&head, 0, 2);
	buf_adds(zip, "PK\3\4");
	buf_add(zip, buf_str(&head));
	buf_adds(zip, name);
	buf_add(zip, buf_str(&data));
	buf_adds(directory, "PK\1\2");
	add_number(directory, 20, 2);
	buf_add(directory, buf_str(&head));
	add_number(directory, 0, 2);
	add_number(directory, 0, 4);
	add_number(directory, 0, 4);
	add_number(directory, at, 4);
	buf_adds(directory, name);
	buf_free(&head);
	buf_free(&data);
}

static void make_book(struct buf *zip)
{
	struct buf directory = {0};
	add_member(zip, &directory, "mimetype", "application/epub+zip");
	add_member(zip, &directory, "META-INF/container.xml", container);
	add_member(zip, &directory, "content.opf", package);
	add_member(zip, &directory, "c.xhtml", chapter);
	uint32_t at = (uint32_t)zip->n, n = (uint32_t)directory.n;
	buf_add(zip, buf_str(&directory));
	buf_adds(zip, "PK\5\6");
	add_number(zip, 0, 4);
	add_number(zip, 4, 2);
	add_number(zip, 4, 2);
	add_number(zip, n, 4);
	add_number(zip, at, 4);
	add_number(zip, 0, 2);
	buf_free(&directory);
}

/* ---- imports ---------------------------------------------------------------------------------------------------- */

static struct import {
	const struct format *format;
	const char *file, *article, *sidecar;
	bool by_itself; /* the library does with its own memory what it likes */
	unsigned long allocations;
	char text[65], said[65]; /* hashes of both after a run without a fault */
} imports[] = {
	{&html_format, "page.html", "page.txt", "page.txt.yaml", false, 0, "", ""},
	{&epub_format, "book.epub", "book/001.txt", "book/001.txt.yaml", true, 0, "", ""},
	{&xmi_format, "one.xmi", "one.txt", "one.txt.yaml", false, 0, "", ""},
};

struct shortage {
	struct import *import;
	unsigned long at;
	bool for_good;
};

struct shortages {
	struct shortage *list;
	unsigned long n;
};

static void put_bytes(const char *path, struct str bytes)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (fd < 0 || !io_write_all(fd, bytes, NULL) || close(fd) != 0)
		complain("the test cannot write %s", path);
}

static void set_up(void)
{
	struct buf book = {0};
	world_fresh();
	make_book(&book);
	put_bytes("page.html", str_of(page));
	put_bytes("one.xmi", str_of(xmi));
	put_bytes("book.epub", buf_str(&book));
	buf_free(&book);
}

static void on_failed(void *ctx, struct error *e)
{
	*(bool *)ctx = true;
	(void)snprintf(shared->versions[0], sizeof(shared->versions[0]), "%s", e->message);
	error_clear(e);
}

static bool never(void *ctx)
{
	(void)ctx;
	return false;
}

static void no_progress(void *ctx, uint64_t done)
{
	(void)ctx;
	(void)done;
}

/* What opens a corpus is met by memory.c. */
static bool take_in(const struct shortage *short_of)
{
	const struct import *i = short_of->import;
	struct error err = {0};
	struct corpus *c = NULL;
	struct session *s = NULL;
	bool failed = false;
	if (!corpus_open(".", "alice", &c, &err) || !session_open(c, false, &s, &err))
		return false;
	struct import_job job = {.session = s,
	                         .folder = "",
	                         .format = i->format,
	                         .name = i->file,
	                         .verdict = "accepted",
	                         .hooks = {&failed, on_failed, never, no_progress}};
	memory_fail(short_of->at, short_of->for_good);
	bool good = i->format->import(&job, i->file, &err);
	if (!good && !(err.message && err.message[0]))
		complain("it failed and nothing was said");
	import_end(&job);
	good = good && !failed && !job.unsaved && session_close(s, &err);
	shared->saved = (unsigned)memory_counted();
	if (err.message)
		(void)snprintf(shared->versions[0], sizeof(shared->versions[0]), "%s", err.message);
	error_clear(&err);
	return good;
}

static void run_short(void *ctx)
{
	const struct shortage *s = ctx;
	int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
	(void)dup2(nowhere, STDERR_FILENO);
	fault_start(&(struct fault){.at = ~0ul}, SEED);
	shared->done = take_in(s);
}

static bool is_same(const char *path, const char *hash)
{
	char *now = hash_of_file(path);
	bool same = strcmp(now, hash) == 0;
	mem_free(now);
	return same;
}

static bool one_shortage(void *ctx, unsigned long i)
{
	struct shortage *s = &((struct shortages *)ctx)->list[i];
	const struct import *of = s->import;
	set_up();
	int status = in_fork(run_short, s, 10);
	if (status != 0 && status != 2 && !(of->by_itself && (status == 1 || status == 256 + SIGSEGV)))
		complain("ended with %d", status);
	bool done = status == 0 && shared->done;
	if (status == 0 && !done && !of->by_itself)
		complain("not ended, but: %s", shared->versions[0]);
	if (!is_same(of->article, of->text) && (done || !is_same(of->article, "")))
		complain("the article is not what it would be with memory");
	if (!is_same(of->sidecar, of->said) && done)
		complain("the sidecar is not what it would be with memory");
	return was_good("%s, allocation %lu%s", of->file, s->at, s->for_good ? " and all after it" : "");
}

/* What a run does that has all the memory it wants. */
static void look_without_faults(struct import *i)
{
	set_up();
	if (in_fork(run_short, &(struct shortage){i, 0, false}, 20) != 0 || !shared->done)
		complain("it does not work even without faults: %s", shared->versions[0]);
	char *text = hash_of_file(i->article), *said = hash_of_file(i->sidecar);
	(void)snprintf(i->text, sizeof(i->text), "%s", text);
	(void)snprintf(i->said, sizeof(i->said), "%s", said);
	i->allocations = shared->saved;
	if (!text[0] || !said[0])
		complain("there is no %s or %s", i->article, i->sidecar);
	bool good = was_good("%s", i->file);
	report(good, "%s: %lu allocations%s%s", i->file, i->allocations, good ? "" : ": ", shared->complaint);
	shared->complaint[0] = '\0';
	mem_free(text);
	mem_free(said);
}

void test_memory_import(void)
{
	struct shortages all = {0};
	world_make_shared();
	world_enter(96);
	for (size_t i = 0; i < COUNT_OF(imports); i++)
		look_without_faults(&imports[i]);
	world_leave();
	for (size_t i = 0; i < COUNT_OF(imports); i++) {
		all.list = mem_grow(all.list, all.n + 2 * imports[i].allocations, sizeof(*all.list));
		for (unsigned long at = 1; at <= imports[i].allocations; at++)
			for (int for_good = 0; for_good < 2; for_good++) {
				/* Where the first one ends the process none comes after it; of the book some, where
				 * time is short. */
				bool same = !imports[i].by_itself && for_good, some = !imports[i].by_itself || at % 4 == 0;
				if (same || (!some && fault_scale() == 1))
					continue;
				all.list[all.n++] = (struct shortage){&imports[i], at, for_good};
			}
	}
	run_all(&(struct tally){"failing allocations while importing", 1000}, one_shortage, &all, all.n,
	        "tests/fault/run memory_import");
	mem_free(all.list);
}

#endif
