#include "tcmu_layout.h"

#include <linux/target_core_user.h>
#include <stddef.h>

#define LIES_AT(place, structure, member) \
  _Static_assert((place) == offsetof(struct structure, member), #structure "." #member)
#define IS(ours, theirs) _Static_assert((int)(ours) == (int)(theirs), #theirs)

LIES_AT(TCMU_AT_VERSION, tcmu_mailbox, version);
LIES_AT(TCMU_AT_FLAGS, tcmu_mailbox, flags);
LIES_AT(TCMU_AT_RING, tcmu_mailbox, cmdr_off);
LIES_AT(TCMU_AT_RING_SIZE, tcmu_mailbox, cmdr_size);
LIES_AT(TCMU_AT_HEAD, tcmu_mailbox, cmd_head);
LIES_AT(TCMU_AT_TAIL, tcmu_mailbox, cmd_tail);
IS(TCMU_VERSION_KNOWN, TCMU_MAILBOX_VERSION);
IS(TCMU_FLAG_ANY_ORDER, TCMU_MAILBOX_FLAG_CAP_OOOC);
IS(TCMU_FLAG_READ_LENGTH, TCMU_MAILBOX_FLAG_CAP_READ_LEN);

LIES_AT(TCMU_ENTRY_LENGTH_KIND, tcmu_cmd_entry, hdr.len_op);
LIES_AT(TCMU_ENTRY_ID, tcmu_cmd_entry, hdr.cmd_id);
LIES_AT(TCMU_ENTRY_ANSWER_FLAGS, tcmu_cmd_entry, hdr.uflags);
IS(TCMU_KIND_MASK, TCMU_OP_MASK);
IS(TCMU_KIND_COMMAND, TCMU_OP_CMD);
IS(TCMU_KIND_ABORT, TCMU_OP_TMR);
IS(TCMU_ANSWER_HAS_READ_LENGTH, TCMU_UFLAG_READ_LEN);

LIES_AT(TCMU_COMMAND_PIECES, tcmu_cmd_entry, req.iov_cnt);
LIES_AT(TCMU_COMMAND_CDB, tcmu_cmd_entry, req.cdb_off);
LIES_AT(TCMU_COMMAND_FIRST, tcmu_cmd_entry, req.iov);
IS(TCMU_PIECE_SIZE, sizeof(struct iovec));

LIES_AT(TCMU_ANSWER_STATUS, tcmu_cmd_entry, rsp.scsi_status);
LIES_AT(TCMU_ANSWER_READ_LENGTH, tcmu_cmd_entry, rsp.read_len);
LIES_AT(TCMU_ANSWER_SENSE, tcmu_cmd_entry, rsp.sense_buffer);
IS(TCMU_SENSE_SIZE, TCMU_SENSE_BUFFERSIZE);

LIES_AT(TCMU_ABORT_COUNT, tcmu_tmr_entry, cmd_cnt);
LIES_AT(TCMU_ABORT_IDS, tcmu_tmr_entry, cmd_ids);
