# The Debian package: `./setup package`, or cpack in a folder that was built with what ./setup package sets.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME binrip)
set(CPACK_PACKAGE_VERSION "${PROJECT_VERSION}")
set(CPACK_PACKAGE_CONTACT "the binrip developers <binrip@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "rips optical discs to BIN/CUE and says for every sector how it knows")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "\
An image of a CD of any kind, with all its tracks, subchannel and CD-TEXT. A
sector counts as good only by something in it: its own checksums, the
subchannel's address, readings that agree, or a database. What could not be
read is read again, with other drives too, and the report says what is known
of every sector.
.
One drive is ripped by a command; many are a station that a service runs.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL OFF)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "udev")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "mtx, minisign, openssh-client")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION TRUE)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
    "${CMAKE_CURRENT_LIST_DIR}/deb/postinst;${CMAKE_CURRENT_LIST_DIR}/deb/prerm;${CMAKE_CURRENT_LIST_DIR}/deb/postrm;${CMAKE_CURRENT_LIST_DIR}/deb/conffiles")
set(CPACK_PRE_BUILD_SCRIPTS "${CMAKE_CURRENT_LIST_DIR}/stage.cmake")
include(CPack)
