#include "mgmt/privacy/disguise.h"

#include "mgmt/analysis_settings.h"

namespace mgmt {

Disguise::Disguise(const Config& config, Sink sink) {
  if (!config.privacy || !config.privacy->hides_from(sink)) return;
  hiding_ = std::make_shared<Hiding>(read_privacy_key(config.privacy->key_file), suffixes_if_there());
}

}  // namespace mgmt
