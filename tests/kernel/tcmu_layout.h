/* Where things lie in the memory that TCMU shares, for C and C++: <linux/target_core_user.h>, from which
   these numbers come, is no C++. tcmu_layout.c holds them against it. */
#pragma once

enum {
  /* The mailbox, at the beginning. */
  TCMU_AT_VERSION = 0,    /* 16 bits */
  TCMU_AT_FLAGS = 2,      /* 16 bits */
  TCMU_AT_RING = 4,       /* 32 bits: where the ring begins */
  TCMU_AT_RING_SIZE = 8,  /* 32 bits */
  TCMU_AT_HEAD = 12,      /* 32 bits, the kernel's */
  TCMU_AT_TAIL = 64,      /* 32 bits, the program's */
  TCMU_VERSION_KNOWN = 2, /* the version that this is */
  TCMU_FLAG_ANY_ORDER = 1,
  TCMU_FLAG_READ_LENGTH = 2,

  /* An entry of the ring: its head … */
  TCMU_ENTRY_LENGTH_KIND = 0, /* 32 bits; the kind in the lowest three */
  TCMU_ENTRY_ID = 4,          /* 16 bits */
  TCMU_ENTRY_ANSWER_FLAGS = 7,
  TCMU_KIND_MASK = 7,
  TCMU_KIND_COMMAND = 1,
  TCMU_KIND_ABORT = 2,
  TCMU_ANSWER_HAS_READ_LENGTH = 2,
  /* … of a command … */
  TCMU_COMMAND_PIECES = 8, /* 32 bits: how many pieces of data */
  TCMU_COMMAND_CDB = 24,   /* 64 bits: where the CDB lies */
  TCMU_COMMAND_FIRST = 48, /* the pieces: 64 bits each of where, and how long */
  TCMU_PIECE_SIZE = 16,
  /* … of its answer, in the same place … */
  TCMU_ANSWER_STATUS = 8,       /* 8 bits */
  TCMU_ANSWER_READ_LENGTH = 12, /* 32 bits */
  TCMU_ANSWER_SENSE = 16,
  TCMU_SENSE_SIZE = 96,
  /* … and of commands given up. */
  TCMU_ABORT_COUNT = 12, /* 32 bits */
  TCMU_ABORT_IDS = 32    /* 16 bits each */
};
