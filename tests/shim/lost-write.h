/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * A power cut in a test. lost-write.so is preloaded into a program; of the files below
 * $FAST_LOST_WRITE_ROOT it remembers, below $FAST_LOST_WRITE_SHADOW, only what POSIX promises to be
 * on the disk:
 *
 *   files/INODE    the file's bytes at its last fsync() or fdatasync(), with its permissions
 *   folders/INODE  the folder's entries at its last fsync(): one line each, `INODE KIND NAME`
 *
 * INODE is the inode's number and its time of birth, since numbers are used again. The shim's
 * fsync() does not call the real one: nobody pulls the plug, so tests are faster, not slower.
 *
 * `lost-write-restore begin ROOT SHADOW` takes all that is below ROOT as being on the disk.
 * `lost-write-restore cut ROOT SHADOW` makes ROOT what a power cut would have left: entries as of
 * each folder's last fsync, and each file as of its own: a file never synced is empty, a rename
 * without an fsync of its folder did not happen, a removal neither. Then it begins anew.
 *
 * The model is stricter than any file system in use: nothing is written back on its own. What is
 * not modelled: sync(), syncfs(), O_SYNC, MS_SYNC, and writes that reach the disk torn.
 */

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOST_WRITE_NAME 64

/* The name under which an inode is kept; 0 when it cannot be told. */
static inline int
lost_write_name (int folder, const char *entry, char name[LOST_WRITE_NAME], struct statx *state)
{
  int flags = entry[0] == '\0' ? AT_EMPTY_PATH : AT_SYMLINK_NOFOLLOW;

  if (statx (folder, entry, flags, STATX_BASIC_STATS | STATX_BTIME, state) != 0)
    return 0;
  snprintf (name, LOST_WRITE_NAME, "%llu-%lld-%u", (unsigned long long)state->stx_ino,
            (long long)state->stx_btime.tv_sec, state->stx_btime.tv_nsec);
  return 1;
}

int lost_write_keep_file (int fd, const char *shadow);
int lost_write_keep_folder (int fd, const char *shadow);
