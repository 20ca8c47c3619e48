/* epub: what the package document of an EPUB says: of the book, and which of its members are read in what order.
 *
 * Sources: EPUB 3.3 (W3C, 2023) and Open Packaging Format 2.0.1 (IDPF, 2010): META-INF/container.xml names the package
 * document, its manifest gives each member an id and a type, its spine is the order of reading; what is not `linear` in it
 * stands apart from that order.  A chapter is called what the table of contents calls it: EPUB 3's navigation document
 * (nav of type toc), or the NCX of ANSI/NISO Z39.86-2005 that EPUB 2 took over.  EPUB 3's OCF 4.2.6.3.2:
 * META-INF/encryption.xml names what is encrypted within the archive. */
#ifndef ZHUPI_ANNOTATIONS_FORMATS_EPUB_H
#define ZHUPI_ANNOTATIONS_FORMATS_EPUB_H

#include "annotations/formats/strmap.h"

#define EPUB_CONTAINER  "META-INF/container.xml"
#define EPUB_ENCRYPTION "META-INF/encryption.xml"

/* {0} is empty; owns all it holds. */
struct book {
	char *package; /* where in the archive the package document is; its folder is what its names begin at */
	char *title, *language, *date, *publisher, *identifier; /* NULL: not said */
	struct node *authors;                                   /* a list of texts */
	char *nav, *ncx; /* members that list the chapters; NULL: none */
	struct chapter {
		char *member; /* in the archive; NULL: of no member that there can be */
		char *href;   /* as the package document has it */
		size_t line;  /* there */
		bool page;    /* (X)HTML; else a picture or what else stands alone */
		bool contents; /* the table of contents */
		bool apart;    /* not linear */
		char *label;   /* in the table of contents; NULL: it is not there */
		bool divided;  /* the table of contents names several places in it */
		bool met;      /* for who reads the archive */
	} *chapters;       /* in the order of reading, then those apart */
	size_t n, cap;
	struct strmap encrypted; /* members */
};

void book_free(struct book *b);
/* The one that META-INF/container.xml names first.  False: it names none, or is no such file (err). */
bool book_read_container(struct book *b, struct str xml, const char *path, struct error *err);
/* What encryption.xml names is put into `encrypted`. */
bool book_read_encryption(struct book *b, struct str xml, const char *path, struct error *err);
bool book_read_package(struct book *b, struct str xml, const char *path, struct error *err);
/* Labels of chapters, by the table of contents in that member (epub_contents.c). */
bool book_read_contents(struct book *b, const char *member, struct str xml, const char *path, struct error *err);
/* The member that a reference from within a folder of the archive names; NULL: it leaves the archive.  The caller frees
 * it. */
char *book_member(struct str folder, struct str href);
struct str book_folder(struct str member); /* the folder that a member lies in, with its slash; empty: none */

#endif
