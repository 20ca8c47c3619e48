/* zip: the members of a zip archive, one after the other.  The one place that sees libarchive.
 *
 * Nothing is written to the disk here, whatever a member is called: members are read into memory, and only those that a
 * caller asks for.  Two limits hold against archives made to fill memory: what a caller allows for a member, and
 * ZIP_RATIO times the archive for all members of one pass together. */
#ifndef ZHUPI_ANNOTATIONS_FORMATS_ZIP_H
#define ZHUPI_ANNOTATIONS_FORMATS_ZIP_H

#include "model/base.h"

#define ZIP_RATIO   200 /* bytes read for each byte of the archive; a page of text is packed to a third or a tenth */
#define ZIP_AT_ONCE ((size_t)4 << 20) /* bytes that any archive may have read, however small it is */

struct zip; /* owned by whoever opened it */

struct zip_member {
	struct str name; /* UTF-8, `/` between folders; valid until the next member */
	bool file;       /* no folder, no link */
	bool encrypted;
};

/* bytes: the whole archive, which must stay; path: for messages. */
struct zip *zip_open(struct str bytes, const char *path);
enum zip_step { ZIP_MEMBER, ZIP_END, ZIP_BROKEN };
/* The next member.  ZIP_BROKEN: the archive is none, or is cut off (err). */
enum zip_step zip_next(struct zip *z, struct zip_member *out, struct error *err);
/* Appends the content of the member that zip_next() gave last.  False: encrypted, damaged, or too large (err). */
bool zip_read(struct zip *z, size_t limit, struct buf *out, struct error *err);
void zip_close(struct zip *z);

/* Whether a name stays below the folder it is taken to: relative, no `..`, no drive, no backslash. */
bool zip_name_stays(struct str name);

#endif
