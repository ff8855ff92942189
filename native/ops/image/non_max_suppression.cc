#include <algorithm>
#include <array>
#include <numeric>

#include "graph/op_registry.h"
#include "ops/array/inference.h"
#include "ops/array/movement.h"

namespace tw {
namespace {

struct Box {
  float top, left, bottom, right;
  float area() const { return (bottom - top) * (right - left); }
};

// A box by two opposite corners, or by its centre and sizes.
Box box_of(const float* b, bool centred) {
  if (centred) {
    return {b[1] - b[3] / 2, b[0] - b[2] / 2, b[1] + b[3] / 2, b[0] + b[2] / 2};
  }
  return {std::min(b[0], b[2]), std::min(b[1], b[3]), std::max(b[0], b[2]), std::max(b[1], b[3])};
}

float overlap(const Box& a, const Box& b) {
  const float height = std::min(a.bottom, b.bottom) - std::max(a.top, b.top);
  const float width = std::min(a.right, b.right) - std::max(a.left, b.left);
  if (!(height > 0 && width > 0)) return 0;
  const float shared = height * width;
  return shared / (a.area() + b.area() - shared);
}

struct Limits {
  std::int64_t most;
  float iou, score;
  bool has_score;
};

template <class T>
T scalar_or(const OpContext& c, int i, T otherwise) {
  if (!c.has_input(i)) return otherwise;
  check(c.input(i).size() == 1, Code::kInvalidArgument, "input ", i, " must be one number, got ",
        c.input(i).shape());
  return *c.input(i).data<T>();
}

// The boxes of one image and class that are kept, in the order of their scores.
void select(const std::vector<Box>& boxes, const float* scores, const Limits& limits,
            std::vector<std::int64_t>& kept) {
  std::vector<std::int64_t> order(boxes.size());
  std::iota(order.begin(), order.end(), 0);
  std::erase_if(order, [&](std::int64_t i) { return limits.has_score && !(scores[i] > limits.score); });
  std::stable_sort(order.begin(), order.end(),
                   [&](std::int64_t a, std::int64_t b) { return scores[a] > scores[b]; });
  kept.clear();
  for (const std::int64_t i : order) {
    if (static_cast<std::int64_t>(kept.size()) >= limits.most) return;
    const bool covered = std::any_of(kept.begin(), kept.end(), [&](std::int64_t k) {
      return overlap(boxes[static_cast<std::size_t>(i)], boxes[static_cast<std::size_t>(k)]) >
             limits.iou;
    });
    if (!covered) kept.push_back(i);
  }
}

void check_shapes(const Shape& boxes, const Shape& scores) {
  if (boxes.has_rank() && boxes.rank() == 3) {
    check(boxes[2] == 4 || boxes[2] == kUnknownDim, Code::kInvalidArgument,
          "boxes must be [images, boxes, 4], got ", boxes);
  }
  if (!boxes.has_rank() || !scores.has_rank()) return;
  check(compatible(Shape{boxes[0], boxes[1]}, Shape{scores[0], scores[2]}), Code::kInvalidArgument,
        "boxes ", boxes, " do not fit scores ", scores);
}

void nms_shape(ShapeContext& c) {
  check_shapes(c.with_rank(0, 3), c.with_rank(1, 3));
  c.set_output(0, Shape{kUnknownDim, 3});
}

void nms_kernel(OpContext& c) {
  const Tensor &boxes = c.input(0), &scores = c.input(1);
  check(boxes.rank() == 3 && scores.rank() == 3, Code::kInvalidArgument,
        "boxes and scores must have rank 3, got ", boxes.shape(), " and ", scores.shape());
  check_shapes(boxes.shape(), scores.shape());
  const Limits limits{scalar_or<std::int64_t>(c, 2, 0), scalar_or<float>(c, 3, 0),
                      scalar_or<float>(c, 4, 0), c.has_input(4)};
  const bool centred = c.attrs().integer("center_point_box") == 1;
  const std::int64_t images = boxes.dim(0), count = boxes.dim(1), classes = scores.dim(1);
  std::vector<std::int64_t> found, kept;
  for (std::int64_t image = 0; image < images; ++image) {
    std::vector<Box> own;
    for (std::int64_t i = 0; i < count; ++i) {
      own.push_back(box_of(boxes.data<float>() + (image * count + i) * 4, centred));
    }
    for (std::int64_t k = 0; k < classes && !c.cancelled(); ++k) {
      select(own, scores.data<float>() + (image * classes + k) * count, limits, kept);
      for (const std::int64_t i : kept) found.insert(found.end(), {image, k, i});
    }
  }
  Tensor& y = c.allocate_output(0, Shape{static_cast<std::int64_t>(found.size()) / 3, 3});
  std::copy(found.begin(), found.end(), y.mutable_data<std::int64_t>());
}

}  // namespace

OP(NonMaxSuppression)
    .doc("Indices [image, class, box] of the boxes that stay when, class by class and by falling\n"
         "score, each box goes that covers a kept one by more than iou_threshold. At most\n"
         "max_output_boxes_per_class of each class, none when that is left out.")
    .input("boxes: float32").input("scores: float32").input("max_output_boxes_per_class?: int64")
    .input("iou_threshold?: float32").input("score_threshold?: float32")
    .output("selected_indices: int64")
    .attr("center_point_box: int = 0")
    .shape(nms_shape)
    .no_gradient("integer output")
    .kernel(Device::kCpu, nms_kernel);

}  // namespace tw
