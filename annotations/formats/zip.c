/* zip: see zip.h. */
#include "annotations/formats/zip.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>

#include "model/io.h"

#define BLOCK ((size_t)1 << 16)

struct zip {
	struct archive *archive;
	const char *path;
	struct str bytes;
	char *name; /* of the current member */
	bool encrypted, opened;
	uint64_t budget; /* bytes that may still be read */
};

struct zip *zip_open(struct str bytes, const char *path)
{
	struct zip *z = mem_alloc(sizeof *z);
	z->archive = archive_read_new();
	if (!z->archive)
		io_out_of_memory();
	z->path = path;
	z->bytes = bytes;
	z->budget = ZIP_AT_ONCE + (uint64_t)bytes.n * ZIP_RATIO;
	return z;
}

void zip_close(struct zip *z)
{
	(void)archive_read_free(z->archive); /* memory only: nothing can be lost */
	mem_free(z->name);
	mem_free(z);
}

static const char *why(const struct zip *z)
{
	const char *said = archive_error_string(z->archive);
	return said ? said : "it is damaged";
}

static enum zip_step broken(const struct zip *z, struct error *err)
{
	if (archive_errno(z->archive) == ENOMEM)
		io_out_of_memory();
	error_set(err, ERROR_SYNTAX, z->path, "this is no whole zip archive: %s", why(z));
	return ZIP_BROKEN;
}

/* Names are UTF-8 whatever the locale; where the archive says nothing it is assumed. */
static bool open_archive(struct zip *z)
{
	z->opened = true;
	return archive_read_support_format_zip(z->archive) == ARCHIVE_OK &&
	       archive_read_set_options(z->archive, "hdrcharset=UTF-8") >= ARCHIVE_WARN &&
	       archive_read_open_memory(z->archive, z->bytes.p, z->bytes.n) == ARCHIVE_OK;
}

enum zip_step zip_next(struct zip *z, struct zip_member *out, struct error *err)
{
	struct archive_entry *e = NULL;
	if (!z->opened && !open_archive(z))
		return broken(z, err);
	int code = archive_read_next_header(z->archive, &e);
	if (code == ARCHIVE_EOF)
		return ZIP_END;
	if (code < ARCHIVE_WARN)
		return broken(z, err);
	const char *name = archive_entry_pathname_utf8(e);
	mem_free(z->name);
	z->name = mem_dup(name ? name : archive_entry_pathname(e) ? archive_entry_pathname(e) : "");
	z->encrypted = archive_entry_is_encrypted(e) == 1;
	*out = (struct zip_member){str_of(z->name), archive_entry_filetype(e) == AE_IFREG, z->encrypted};
	return ZIP_MEMBER;
}

bool zip_read(struct zip *z, size_t limit, struct buf *out, struct error *err)
{
	size_t before = out->n;
	if (z->encrypted)
		return error_set(err, ERROR_KIND, z->path, "%s is encrypted and cannot be read", z->name);
	for (la_ssize_t got = 1; got > 0;) {
		buf_reserve(out, BLOCK);
		got = archive_read_data(z->archive, out->p + out->n, BLOCK);
		if (got < 0 && archive_errno(z->archive) == ENOMEM)
			io_out_of_memory();
		if (got < 0)
			return error_set(err, ERROR_SYNTAX, z->path, "%s is damaged: %s", z->name, why(z));
		out->n += (size_t)got;
		if (out->n - before > limit)
			return error_set(err, ERROR_LIMIT, z->path, "%s is larger than %zu MB", z->name, limit >> 20);
		if ((uint64_t)got > z->budget)
			return error_set(err, ERROR_LIMIT, z->path,
			                 "%s unpacks to more than %d times the archive: it is made to fill memory",
			                 z->name, ZIP_RATIO);
		z->budget -= (uint64_t)got;
	}
	return true;
}

bool zip_name_stays(struct str name)
{
	if (name.n == 0 || name.p[0] == '/' || str_byte(name, '\\', 0) != NOWHERE || (name.n > 1 && name.p[1] == ':'))
		return false;
	for (size_t from = 0; from <= name.n;) {
		size_t slash = str_byte(name, '/', from);
		slash = slash == NOWHERE ? name.n : slash;
		if (str_eq(str_sub(name, from, slash), S("..")))
			return false;
		from = slash + 1;
	}
	return true;
}
