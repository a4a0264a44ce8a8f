// What a command writes.
#pragma once

namespace binrip::cli {

enum class OutputFormat { text, json };
enum class Verbosity { quiet, normal, verbose };
enum class ProgressKind { automatic, json, none };

}  // namespace binrip::cli
