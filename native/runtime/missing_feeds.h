#pragma once

#include <string>
#include <vector>

#include "passes/work_graph.h"

namespace tw {

// A placeholder that a plan needs and that is not fed.
struct MissingFeed {
  std::string node;
  std::string sentence;  // what to feed, and the way from there to a fetch
};

// In the order in which runs would meet them. To be asked before passes give nodes other names.
std::vector<MissingFeed> missing_feeds(const WorkGraph& work);

// Throws an error for those that passes have left in the graph.
void check_missing(const WorkGraph& work, const std::vector<MissingFeed>& missing);

}  // namespace tw
