#!/bin/bash
# kernels_test.sh FOLDER COMPILER EMULATOR: builds the kernels and their tests in FOLDER for the architecture of
# COMPILER, and runs them.
set -euo pipefail
folder=$1 compiler=$2 emulator=$3

cmake -S "$(dirname "$(readlink -f "$0")")" -B "$folder" -G Ninja -DCMAKE_BUILD_TYPE=Release \
  -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_CXX_COMPILER="$compiler" >"$folder.log" 2>&1 || { cat "$folder.log"; exit 1; }
cmake --build "$folder"
"$emulator" "$folder/kernel_tests" --gtest_brief=1
