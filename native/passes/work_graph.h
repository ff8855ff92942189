#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "graph/graph.h"

namespace tw {

// The part of a graph that one (fetches, targets, feeds) needs, as a copy that passes change.
struct WorkGraph {
  Graph graph;
  std::vector<Output> feeds;    // placeholders that stand for the fed tensors, in feed order
  std::vector<Output> fetches;  // in fetch order
  std::vector<int> targets;     // nodes to run for their effect
};

// Dtype and static shape of the values that a feed takes: of a variable, when its handle is fed.
OutputInfo feed_info(const Graph& graph, Output feed);

// Copies what the fetches and targets need, cut at the feeds. A fed variable handle cuts every
// read of that variable. Adds control edges so that reads and writes of one variable keep the
// order in which they were added to the graph. Holds the graph's guard and gives way between nodes.
WorkGraph extract(const Graph& graph, const std::vector<Output>& fetches,
                  const std::vector<int>& targets, const std::vector<Output>& feeds);

// Replacements of outputs that a pass has decided on.
using Replacements = std::unordered_map<Output, Output, OutputHash>;

// Applies replacements, drops what is not needed and orders nodes so that inputs and controls
// come first.
void rebuild(WorkGraph& work, const Replacements& replacements = {});

// How many times output 0..n of each node is used, summed, with a fetch as a use.
std::vector<int> use_counts(const WorkGraph& work);

}  // namespace tw
