// Records every command with its timing and outcome to a text file, and plays such a file back as a drive.
// Form: "# binrip trace 1", "# max transfer BYTES", then a line for each command:
//   begin+duration cdb direction length -> outcome data [transferred]
// begin and duration in microseconds; cdb in hex; direction none, in or out; length of the transfer in bytes;
// outcome "good key/asc/ascq", "check key/asc/ascq" (in hex, with @ and 8 digits where the sense holds an
// address) or "error kind"; data "-" (none), "=" and hex, or "~" and its CRC-16.
#pragma once

#include <memory>
#include <ostream>

#include "binrip/drive/transport.hpp"

namespace binrip::drive {

enum class TraceData { full, digest };  // replies as hex, or only length and CRC-16 (cannot be replayed)

// Wraps `inner`, which it owns. Writes to `out`, kept by reference.
std::unique_ptr<Transport> record(std::unique_ptr<Transport> inner, std::ostream& out, TraceData data);

// Answers commands from a recorded trace: each execute() must equal the next recorded command, else an Error
// (invalid) that says which line was expected. Errors of the file: "name:line: expected …, got …".
Result<std::unique_ptr<Transport>> replay(std::string_view trace, std::string name);

}  // namespace binrip::drive
