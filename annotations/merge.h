/* merge: three versions of the same items to one, by item and by key.
 *
 * base: what was loaded; ours: what is here; theirs: what is on disk now.  A key that one side changed is taken; both
 * alike is no conflict; both differently is a conflict, kept for a person.  An item that one side removed and the other
 * changed is a conflict.  Nothing is ever dropped silently. */
#ifndef ZHUPI_ANNOTATIONS_MERGE_H
#define ZHUPI_ANNOTATIONS_MERGE_H

#include "annotations/node.h"

enum merge_result { MERGE_SAME, MERGE_TAKEN, MERGE_CONFLICT };

/* Any of the three may be NULL (not there).  *out: the merged map, owned by the caller, NULL when the item is gone; on
 * conflict: theirs with every change of ours that does not clash.  Keys `judged` follow the verdict's side. */
enum merge_result merge_item(const struct node *base, const struct node *ours, const struct node *theirs,
                             struct node **out);

#endif
