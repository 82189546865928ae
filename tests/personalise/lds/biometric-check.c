/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tests/personalise/lds/biometric-check.h"

#include <string.h>

/* Tag, then a length that must be the shortest that there is; @ok is %FALSE otherwise. */
FastCheckNode
fast_check_node (const guint8 *at, gsize left)
{
  FastCheckNode node = {0};
  gsize head = 0;

  do {
    if (head >= left || head > 2)
      return node;
    node.tag = node.tag << 8 | at[head++];
  } while (head == 1 ? (at[0] & 0x1F) == 0x1F : (at[head - 1] & 0x80) != 0);
  if (head >= left)
    return node;
  if (at[head] < 0x80)
    node.size = at[head++];
  else if (at[head] == 0x81 && left > head + 1 && at[head + 1] >= 0x80) {
    node.size = at[head + 1];
    head += 2;
  } else if (at[head] == 0x82 && left > head + 2 && at[head + 1] != 0) {
    node.size = (gsize)at[head + 1] << 8 | at[head + 2];
    head += 3;
  } else
    return node;
  node.value = at + head;
  node.total = head + node.size;
  node.ok = node.total <= left;
  return node;
}

/* The @index-th object inside another. */
FastCheckNode
fast_check_inner (FastCheckNode outer, guint index)
{
  const FastCheckNode none = {0};
  gsize at = 0;

  for (guint i = 0; outer.ok; i++) {
    FastCheckNode node = fast_check_node (outer.value + at, outer.size - at);

    if (!node.ok || i == index)
      return node;
    at += node.total;
  }
  return none;
}

static FastCheckNode
find (FastCheckNode outer, guint32 tag)
{
  FastCheckNode node = {0};

  for (guint i = 0; i == 0 || node.ok; i++) {
    node = fast_check_inner (outer, i);
    if (node.ok && node.tag == tag)
      return node;
  }
  return node;
}

static FastCheckNode
group_of (const guint8 *file, gsize size)
{
  return fast_check_inner (fast_check_node (file, size), 0);
}

/* Whether the objects in @outer are whole and fill it. */
static gboolean
is_filled (FastCheckNode outer)
{
  gsize at = 0;

  while (outer.ok && at < outer.size) {
    FastCheckNode node = fast_check_node (outer.value + at, outer.size - at);

    if (!node.ok)
      return FALSE;
    at += node.total;
  }
  return outer.ok;
}

static guint
count_of (const guint8 *file, gsize size, guint32 tag)
{
  FastCheckNode group = group_of (file, size);
  guint count = 0;
  FastCheckNode node = {0};

  for (guint i = 0; i == 0 || node.ok; i++) {
    node = fast_check_inner (group, i);
    count += node.ok && node.tag == tag ? 1 : 0;
  }
  return count;
}

/* The @index-th template, after the count. */
FastCheckNode
fast_check_template (const guint8 *file, gsize size, guint index)
{
  return fast_check_inner (group_of (file, size), 1 + index);
}

static FastCheckNode
header_of (const guint8 *file, gsize size, guint index)
{
  return fast_check_inner (fast_check_template (file, size, index), 0);
}

static gboolean
tag_holds (const FastCheckKind *kind, const guint8 *file, gsize size)
{
  return size > 0 && file[0] == kind->tag;
}

static gboolean
length_holds (const FastCheckKind *kind, const guint8 *file, gsize size)
{
  FastCheckNode node = fast_check_node (file, size);

  (void)kind;
  return node.ok && node.total == size;
}

static gboolean
group_holds (const FastCheckKind *kind, const guint8 *file, gsize size)
{
  FastCheckNode group = group_of (file, size);
  guint templates = count_of (file, size, 0x7F60);

  (void)kind;
  return group.ok && group.tag == 0x7F61 && group.total == fast_check_node (file, size).size &&
         is_filled (group) && (templates == 0 || count_of (file, size, 0x53) == 0);
}

static gboolean
count_holds (const FastCheckKind *kind, const guint8 *file, gsize size)
{
  FastCheckNode count = fast_check_inner (group_of (file, size), 0);

  (void)kind;
  return count.ok && count.tag == 0x02 && count.size == 1 &&
         count.value[0] == count_of (file, size, 0x7F60);
}

/* How many templates the count announces: what each clause below goes through. */
static guint
announced (const guint8 *file, gsize size)
{
  FastCheckNode count = fast_check_inner (group_of (file, size), 0);

  return count.ok && count.size == 1 ? count.value[0] : 0;
}

static gboolean
template_holds (const FastCheckKind *kind, const guint8 *file, gsize size)
{
  (void)kind;
  for (guint i = 0; i < announced (file, size); i++) {
    FastCheckNode biometric = fast_check_template (file, size, i);

    if (!biometric.ok || biometric.tag != 0x7F60 || !is_filled (biometric))
      return FALSE;
  }
  return TRUE;
}

static gboolean
header_holds (const FastCheckKind *kind, const guint8 *file, gsize size)
{
  (void)kind;
  for (guint i = 0; i < announced (file, size); i++) {
    FastCheckNode header = header_of (file, size, i);

    if (!header.ok || header.tag != 0xA1 || !is_filled (header))
      return FALSE;
  }
  return TRUE;
}

static gboolean
owner_holds (const FastCheckKind *kind, const guint8 *file, gsize size)
{
  (void)kind;
  for (guint i = 0; i < announced (file, size); i++) {
    FastCheckNode owner = find (header_of (file, size, i), 0x87);

    if (!owner.ok || owner.size != 2 ||
        (i == 0 && (owner.value[0] != 0x01 || owner.value[1] != 0x01)))
      return FALSE;
  }
  return TRUE;
}

static gboolean
is_listed (const guint16 *list, guint value)
{
  while (*list != 0 && *list != value)
    list++;
  return *list != 0;
}

static gboolean
type_holds (const FastCheckKind *kind, const guint8 *file, gsize size)
{
  for (guint i = 0; i < announced (file, size); i++) {
    FastCheckNode type = find (header_of (file, size, i), 0x88);

    if (!type.ok || type.size != 2 ||
        (i == 0 && !is_listed (kind->formats, (guint)type.value[0] << 8 | type.value[1])))
      return FALSE;
  }
  return TRUE;
}

static gboolean
subtype_holds (const FastCheckKind *kind, const guint8 *file, gsize size)
{
  for (guint i = 0; i < announced (file, size); i++) {
    FastCheckNode subtype = find (header_of (file, size, i), 0x82);

    if (!subtype.ok && !kind->has_subtype)
      continue;
    if (!subtype.ok || subtype.size != 1 ||
        (kind->subtypes != NULL && (subtype.value[0] == 0 || strchr ((const char *)kind->subtypes,
                                                                     subtype.value[0]) == NULL)))
      return FALSE;
  }
  return TRUE;
}

static gboolean
block_holds (const FastCheckKind *kind, const guint8 *file, gsize size)
{
  (void)kind;
  for (guint i = 0; i < announced (file, size); i++) {
    FastCheckNode biometric = fast_check_template (file, size, i);
    FastCheckNode block = fast_check_inner (biometric, 1);

    if (!block.ok || (block.tag != 0x5F2E && block.tag != 0x7F2E) ||
        header_of (file, size, i).total + block.total != biometric.size)
      return FALSE;
  }
  return TRUE;
}

static gboolean
magic_holds (const FastCheckKind *kind, const guint8 *file, gsize size)
{
  for (guint i = 0; i < announced (file, size); i++) {
    FastCheckNode block = fast_check_inner (fast_check_template (file, size, i), 1);

    if (!block.ok || block.size < 4 || memcmp (block.value, kind->magic, 4) != 0)
      return FALSE;
  }
  return TRUE;
}

const FastCheckClause FAST_CHECK_CLAUSES[11] = {
    {"3.2:LDS_G_1 3.2:LDS_H_1", tag_holds},      {"3.2:LDS_G_2 3.2:LDS_H_2", length_holds},
    {"3.2:LDS_G_3 3.2:LDS_H_3", group_holds},    {"3.2:LDS_G_4 3.2:LDS_H_4", count_holds},
    {"3.2:LDS_G_5 3.2:LDS_H_5", template_holds}, {"3.2:LDS_G_6 3.2:LDS_H_6", header_holds},
    {"3.2:LDS_G_7 3.2:LDS_H_7", owner_holds},    {"3.2:LDS_G_8 3.2:LDS_H_8", type_holds},
    {"3.2:LDS_G_9 3.2:LDS_H_9", subtype_holds},  {"3.2:LDS_G_10 3.2:LDS_H_10", block_holds},
    {"3.2:LDS_G_11 3.2:LDS_H_11", magic_holds},
};
