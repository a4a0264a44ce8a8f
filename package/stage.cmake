# What is in the package beside what `cmake --install` puts there, and how Debian wants it.
set(staged "${CPACK_TEMPORARY_INSTALL_DIRECTORY}")
get_filename_component(source "${CMAKE_CURRENT_LIST_DIR}/.." ABSOLUTE)

file(MAKE_DIRECTORY "${staged}/etc/default")
file(COPY_FILE "${source}/systemd/binrip.default" "${staged}/etc/default/binrip")
file(RENAME "${staged}/usr/share/doc/binrip/LICENSE" "${staged}/usr/share/doc/binrip/copyright")
file(RENAME "${staged}/usr/share/doc/binrip/CHANGELOG.md" "${staged}/usr/share/doc/binrip/changelog")

file(GLOB pages "${staged}/usr/share/man/man*/*")
foreach(page IN LISTS pages ITEMS "${staged}/usr/share/doc/binrip/changelog")
  if(NOT page MATCHES "\\.gz$")
    execute_process(COMMAND gzip -9nf "${page}" COMMAND_ERROR_IS_FATAL ANY)
  endif()
endforeach()
