// The tables of the catalogue, and how a database of an earlier version gets those of this one.
#pragma once

#include <functional>

#include <SQLiteCpp/SQLiteCpp.h>

#include "binrip/base/result.hpp"

namespace binrip::batch {

// What a database file is. One without any table is fresh.
enum class CatalogKind { fresh, earlier, current, later, foreign };
CatalogKind kind_of(SQLite::Database& database);

// Makes the tables that a fresh or an earlier database lacks, and fills those of a fresh one, all in one
// transaction. Another process may do the same at the same time.
void migrate(SQLite::Database& database, const std::function<void()>& fill_new);

}  // namespace binrip::batch
