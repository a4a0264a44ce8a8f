// `binrip catalog`, from its options to its exit code.
#pragma once

namespace binrip::cli {

struct CatalogInvocation;
struct Host;

int catalog_command(const CatalogInvocation& options, Host& host);

}  // namespace binrip::cli
