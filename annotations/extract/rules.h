/* rules: a rule pack, read from YAML, checked and compiled: lists of words (gazetteers) and rules over them.
 *
 * A pack is a folder of YAML files.  Built in is `zh-report` (annotations/packs/zh-report/, linked into the program); `--pack DIR` adds a folder:
 * a file there that bears the name of one before takes its place, others are added.  Files are read in the order of their names;
 * zones.yaml is no rule file (zone_words.h).  Every error names file, line and column.  A pack owns all it holds.
 *
 * FILES.  Each is a map with any of the keys `source`, `date` (text, for people: where the facts come from and of when), `lists` and `rules`.
 *
 *   source: "Ministry of Civil Affairs, codes of administrative divisions above the county"
 *   date: "2024-01"
 *   lists:
 *     surname: |
 *       王=72 李=71 张=68 欧阳=1
 *
 * LISTS.  A list has a name (a-z, 0-9, -) and a text of entries divided by blanks or newlines (a block scalar `|` reads fastest; one text has at most
 * 1 MiB); a YAML list of such texts serves too.  An entry is WORD or WORD=VALUE, a whole number up to 65535; what it means is said below.  Lists of one name in several files are joined; an entry
 * that stands twice counts once, with the larger value.  A `#` starts an entry that is passed over to the end of its line.  Words are folded as they are
 * read (simplified, half-width, lower case: model/fold.h), so write each once in simplified script.  An entry has at most 32 code points.
 *
 * The lists that the rules of zh-report know (all in simplified script; short forms only where they are really used alone):
 *   province        河南省 广西壮族自治区 北京市 香港特别行政区      province-short  河南 广西 北京 香港 内蒙古   province-char  豫 桂 京 …
 *   city            开封市 延边朝鲜族自治州 阿克苏地区 (prefectures) city-short      开封 延边 阿克苏
 *   county          藁城区 舟曲县 义乌市 (with suffix)              county-short    藁城 舟曲 义乌 (two characters and more, none that is a common word:
 *                   not 和平, 新华, 长安 …, which may stand in `county-word`)     county-word     和平 朝阳 …: short forms that are words as well
 *   district        named development zones, new areas, leagues, towns that are often met: 雄安新区 浦东新区 两江新区 郑州航空港区
 *   country         中国 美国 俄罗斯 … and usual short names        world           foreign cities, continents, oceans: 纽约 欧洲 东南亚
 *   region          京津冀 长三角 粤港澳大湾区 西部 is none; 华北 is one         nature          长江 黄河 太行山 太湖 鄱阳湖 秦岭 渤海 …
 *   surname         single: VALUE per ten thousand people (王=720); rare ones 1                    surname-double  欧阳 司马 上官 …
 *   given           characters of given names, VALUE per ten thousand given-name characters (at least those of value 2 and more)
 *   foreign         characters used to write foreign names: 阿 艾 巴 …               person          whole names sure by themselves: leaders of state, present and past
 *   office-head     heads of offices that a level, place or organ may stand before: 书记 主任 局长 省长 秘书长 董事长 教授 新闻发言人 …, without 副
 *   office-alone    offices that need no organ: 总书记 国家主席 总理 副总理 国务委员 省长 市长 县长 … (with 副, 常务副, 代 where usual)
 *   office-modifier what stands between organ and head: 党委 党组 常务 执行 第一 政治 …
 *   organ-short     what after a level or place is an organ: 委 政府 人大 人大常委会 政协 纪委 纪委监委 监委 法院 检察院 公安局 教育局 卫健委 发改委 …,
 *                   and after a level: 委办公室 委组织部 委宣传部 委政法委 总工会 妇联 红十字会 疾控中心 …
 *   department      stems of departments: 教育 公安 卫生健康 卫健 发展改革 发展和改革 人力资源和社会保障 人社 住房和城乡建设 住建 …
 *   organ-national  国务院 中央纪委 中央纪委国家监委 全国人大常委会 全国政协 教育部 国家发展改革委 最高人民法院 中国科学院 解放军 共青团中央 … full and short
 *   organ-word      well-known bodies and firms without a suffix that tells: 中石油 华为 红十字会 联合国 世卫组织 欧盟 …
 *   media           人民日报 新华社 央视网 开封日报 澎湃新闻 … sources of news by full and short names
 *   organ-suffix    ends of names of bodies and firms: 有限公司 集团 大学 学院 医院 委员会 协会 研究院 管理局 支队 领导小组 指挥部 派出所 …
 *   meeting         nouns that end the name of a meeting: 会议 座谈会 专题会议 电视电话会议 推进会 新闻发布会 论坛 开幕式 研讨班 … (all lengths)
 *   meeting-name    whole names: 全国两会 党的二十大 进博会 …
 *   classifier      measure words, units, currencies after a number: 个 名 例 公里 平方米 万元 is 元 (the 万 belongs to the number) …
 *   disease         diseases and their usual short names
 * Others are free to be added and used.
 *
 * LABELS.  What the classes of capital letters are to each other.  Spans of the layer `flat` never overlap: the longest wins, of equal ones the label named
 * first.  A `container` may hold others.  What a label swallows is dropped inside it.  `attribute`: the one that gets the value computed from the text.
 *
 *   labels:
 *   - {name: MEETING, layer: flat, swallows: [SLOGAN]}
 *   - {name: TIME, layer: flat, attribute: iso}
 *
 * RULES.  A list of maps; rules run in order, each over the whole window (a line, of long lines a part), and a hit of one is seen by those behind it.
 *
 *   rules:
 *   - name: post-organ             # unique in the pack; what --explain and the sidecar's `rule` say
 *     as: POST                     # class of the hit: a label of the schema is proposed, any other name is for later rules only
 *     match: "@organ @office-modifier? @office-head"
 *     before: "[,。、]"            # optional: what must end where the match starts       not-before: … must not
 *     after: "…"                   # optional: what must begin where the match ends        not-after: … must not
 *     zones: [title, body]         # default: title, byline, body
 *     score: 930                   # per mille: how often the rule was right (tests/extract); default 800
 *     pick: longest                # of several ways to match at one place: longest (default), first in order of the pattern, or all: a hit for each end
 *     over: 1                      # wins over rules of a smaller number whatever the length; default 0
 *     sure: PERSON             # the string of each hit is, at its bare mentions elsewhere in the article, a hit of that class; of labels only hits
 *                              # of that very label, and only where they won
 *     series: true                 # kept only where another hit of the rule bears the ordinal before or behind its own: of an enumeration
 *     why: "an organ before an office" # for --explain
 *
 * `as: NONE` makes a hit that takes part in the choice between overlapping ones and is then dropped.
 * A rule may have `regex:` (an ICU regular expression over the folded window, named groups as in `match`) in place of `match:`; it needs
 * `trigger: LIST`, and runs only over windows with a hit of that list.
 *
 * What a rule may take of an article is limited, in steps (choices of a pattern, steps of ICU's engine): RULE_STEPS and RULE_STEPS_BYTE for each byte
 * of the text.  Of the built-in rules none takes a twentieth of that on any text.  A rule that takes more is left out of the rest of the article, and named.
 *
 * PATTERNS.  Blanks mean nothing.
 *   字           itself             \x  takes a special meaning away; \d digits, \n a numeral (digits and Chinese ones), \h Han, \s blank, \p mark or blank
 *   [abc\d] [^…] one of, none of    .   any character
 *   @name        an entry of that list, or a hit of that class; @name>N: one whose value is larger than N
 *   ( … | … )    alternatives       <NAME: …>  a part that is a hit of class NAME; then the whole match is one only if there is an `as`
 *   x? x* x+ x{m,n} x{n}            greedy; with ? behind it lazy (matters for `pick: first` only)
 *   (?= …) (?! …) (?<= …) (?<! …)   what follows, what stands before; not consumed
 *   ^ $          start and end of the line        \b \B  where a word of ICU's dictionary begins or ends; where none does
 * A match has at most PATTERN_REACH code points.  Each place is visited once in each state of a pattern, so no group can explode. */
#ifndef ZHUPI_ANNOTATIONS_EXTRACT_RULES_H
#define ZHUPI_ANNOTATIONS_EXTRACT_RULES_H

#include "annotations/extract/class_sets.h"
#include "annotations/extract/lexicon.h"
#include "annotations/extract/pattern.h"
#include "model/regex.h"
#include "model/zones.h"

#define SCORE_DEFAULT 800
#define SWALLOWS_MAX 8
#define RULE_STEPS 1000000
#define RULE_STEPS_BYTE 64
#define CLASS_HASHES 256

/* A class by its name; classes of capital letters are labels. */
struct class {
	struct str name;
	uint32_t hash;     /* of the name */
	uint16_t next;     /* id of one whose hash falls together with this one's; CLASS_NONE: none */
	struct str whence; /* file and line that named it first, for messages */
	bool given;        /* some list or rule makes hits of it */
	bool character;    /* one character, listed because rules begin with it or need it */
	bool label;
	bool container;
	uint16_t order;    /* among labels: the first wins a tie */
	uint16_t swallows[SWALLOWS_MAX]; /* class ids */
	uint8_t n_swallows;
	struct str attribute;
};

/* What a match cannot do without: struct needed of pattern.h, characters made classes. */
struct rule_need {
	set_id set;
	class_id *passed;
	size_t n_passed;
	uint32_t steps, hits;
	bool open; /* the rule itself makes hits of a class passed: how long they are is not known before it has run */
};

struct rule {
	struct str name, why;
	class_id as;            /* CLASS_NONE: only its named groups */
	class_id sure;          /* CLASS_NONE: nothing is learnt */
	struct pattern *pattern; /* NULL: a regex */
	struct regex *regex;
	class_id trigger;
	set_id starts;          /* at whose hits a match may begin */
	uint32_t zones;         /* bit of each enum zone_kind */
	uint16_t score;
	uint8_t over;
	bool anywhere;          /* may begin at any character: starts says nothing */
	set_id behind;          /* of which a hit must end where a match begins, when bounded */
	bool bounded, edge;     /* edge: or the line begins there */
	struct rule_need *needs;
	size_t n_needs;
	bool series;
};

struct pack {
	struct arena memory;
	struct lexicon *lexicon;
	struct class *classes;
	size_t n_classes, cap_classes;
	uint16_t by_hash[CLASS_HASHES]; /* the class made last of each remainder */
	uint8_t *uses;     /* of each class, enum class_use */
	struct class_sets sets;
	struct rule *rules;
	size_t n_rules, cap_rules;
};

/* folder: NULL for the built-in pack alone. */
bool pack_load(const char *folder, struct pack **out, struct error *err);
/* Of files in memory, for tests: names and texts alternate, n pairs. */
bool pack_read(const struct str *files, size_t n, struct pack **out, struct error *err);
void pack_free(struct pack *p);
class_id pack_class(const struct pack *p, struct str name); /* CLASS_NONE when there is none */

#endif
