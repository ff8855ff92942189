#pragma once

#include <optional>
#include <vector>

#include "passes/work_graph.h"
#include "tile/program.h"

namespace tw {

// Elementwise nodes that one program computes: all but the root are used inside only.
struct Cluster {
  int root = -1;
  std::vector<int> members;  // in order, the root last
};

// What a cluster reads, in the order of the program's inputs.
struct ClusterProgram {
  std::vector<Output> inputs;
  tile::ProgramRef program;
};

// The domain in which a node can be computed together with others; nothing for nodes that are not
// elementwise or must stand alone.
std::optional<tile::Domain> cluster_domain(const Graph& graph, const Node& node);
// Whether a member's result may stay in a register: the domain holds the dtype exactly.
bool keeps_bits(tile::Domain domain, DType dtype) noexcept;
bool can_compute(const Graph& graph, const Node& node, tile::Domain domain);

// The program of a cluster. `first`, when valid, becomes input 0. Nothing when it needs more
// registers or inputs than programs have.
std::optional<ClusterProgram> make_program(const Graph& graph, const Cluster& cluster,
                                           tile::Domain domain, Output first = {});

}  // namespace tw
