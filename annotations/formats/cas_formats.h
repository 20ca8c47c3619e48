/* cas_formats: what the formats that are a CAS share: XMI, CAS JSON, WebAnno TSV.  Nobody else includes this. */
#ifndef ZHUPI_ANNOTATIONS_FORMATS_CAS_FORMATS_H
#define ZHUPI_ANNOTATIONS_FORMATS_CAS_FORMATS_H

#include "annotations/formats/cas.h"

#define CAS_LIMIT ((size_t)512 << 20) /* bytes of a file */

#define CAS_CARRIES                                                                                                    \
	{                                                                                                              \
		[FEATURE_NESTED] = CARRY_ALL, [FEATURE_CROSSING] = CARRY_ALL, [FEATURE_SAME_PLACE] = CARRY_ALL,        \
		[FEATURE_TWIN] = CARRY_ALL, [FEATURE_ZERO_WIDTH] = CARRY_ALL, [FEATURE_NEWLINE] = CARRY_ALL, [FEATURE_ATTRIBUTES] = CARRY_ALL,     \
		[FEATURE_RELATIONS] = CARRY_ALL, [FEATURE_ITEM_NOTES] = CARRY_ALL, [FEATURE_LINKS] = CARRY_PART        \
	}

bool xmi_export(struct export_job *job, struct doc *d, struct error *err);
bool xmi_end(struct export_job *job, struct error *err);
bool tsv_export(struct export_job *job, struct doc *d, struct error *err);

#endif
