#include "binrip/cli/run.hpp"

int main(int argc, char** argv) { return binrip::cli::run_program(argc, argv); }
