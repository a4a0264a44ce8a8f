#pragma once

namespace binrip::batch {

// What becomes of a disc that is in the archive already.
enum class OnCopy {
  skip,  // it is given back
  keep,  // it is ripped, and kept beside the other
  mend,  // what is not good in the image that is there is read from it
};

}  // namespace binrip::batch
