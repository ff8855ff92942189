#include "ops/nn/window_spec.h"

#include <algorithm>

#include "base/error.h"
#include "graph/op_def.h"

namespace tw {
namespace {

void read_explicit(const Attrs& attrs, WindowSpec& spec) {
  const auto& pads = attrs.integers("explicit_paddings");
  const auto all = static_cast<std::size_t>(2 * spec.rank());
  const auto own = static_cast<std::size_t>(2 * spec.spatial);
  check(pads.size() == all || pads.size() == own, Code::kInvalidArgument,
        "explicit_paddings has ", pads.size(), " numbers, expected ", all, " or ", own);
  for (int d = 0; d < spec.spatial; ++d) {
    const std::size_t at = static_cast<std::size_t>(pads.size() == all ? spec.axis(d) : d) * 2;
    const auto i = static_cast<std::size_t>(d);
    spec.before[i] = pads[at], spec.after[i] = pads[at + 1];
    check(pads[at] >= 0 && pads[at + 1] >= 0, Code::kInvalidArgument,
          "explicit_paddings has a negative number: ", pads[at], ", ", pads[at + 1]);
  }
}

}  // namespace

std::array<std::int64_t, 3> spatial_entries(const Attrs& attrs, const char* name,
                                            const WindowSpec& spec) {
  const auto& list = attrs.integers(name);
  std::array<std::int64_t, 3> entries{1, 1, 1};
  if (list.empty()) return entries;
  const bool all = static_cast<int>(list.size()) == spec.rank();
  check(all || static_cast<int>(list.size()) == spec.spatial, Code::kInvalidArgument, name,
        " has ", list.size(), " numbers, expected ", spec.rank(), " or ", spec.spatial);
  for (int d = 0; d < spec.spatial; ++d) {
    const std::int64_t entry = list[static_cast<std::size_t>(all ? spec.axis(d) : d)];
    check(entry > 0, Code::kInvalidArgument, name, " has to be positive, got ", entry);
    entries[static_cast<std::size_t>(d)] = entry;
  }
  if (!all) return entries;
  for (int axis : {0, spec.channel_axis()}) {
    check(list[static_cast<std::size_t>(axis)] == 1, Code::kUnimplemented, name,
          " over the batch or the channels has to be 1, got ",
          list[static_cast<std::size_t>(axis)]);
  }
  return entries;
}

WindowSpec window_spec(const Attrs& attrs) {
  const std::string& format = attrs.string("data_format");
  WindowSpec spec{};
  spec.spatial = static_cast<int>(format.size()) - 2;
  spec.channels_first = format[1] == 'C';
  const std::string& padding = attrs.string("padding");
  spec.padding = padding == "SAME"    ? WindowSpec::Padding::kSame
                 : padding == "VALID" ? WindowSpec::Padding::kValid
                                      : WindowSpec::Padding::kExplicit;
  spec.stride = spatial_entries(attrs, "strides", spec);
  spec.dilation = spatial_entries(attrs, "dilations", spec);
  if (spec.padding == WindowSpec::Padding::kExplicit) read_explicit(attrs, spec);
  return spec;
}

std::int64_t WindowSpec::output_size(int d, std::int64_t in, std::int64_t kernel) const {
  if (in == kUnknownDim) return kUnknownDim;
  const auto i = static_cast<std::size_t>(d);
  if (padding == Padding::kSame) return (in + stride[i] - 1) / stride[i];
  if (kernel == kUnknownDim) return kUnknownDim;
  const std::int64_t room = in + before[i] + after[i] - reach(d, kernel);
  if (in == 0 && room < 0) return 0;
  check(room + stride[i] >= 0, Code::kInvalidArgument,
        "the window is larger than its input: it covers ", reach(d, kernel), " of ",
        in + before[i] + after[i], " elements along spatial dim ", d);
  return room < 0 ? 0 : room / stride[i] + 1;
}

std::int64_t WindowSpec::pad_total(int d, std::int64_t in, std::int64_t kernel) const noexcept {
  const auto i = static_cast<std::size_t>(d);
  if (padding != Padding::kSame) return before[i] + after[i];
  const std::int64_t out = (in + stride[i] - 1) / stride[i];
  return std::max<std::int64_t>(0, (out - 1) * stride[i] + reach(d, kernel) - in);
}

std::int64_t WindowSpec::pad_before(int d, std::int64_t in, std::int64_t kernel) const noexcept {
  if (padding != Padding::kSame) return before[static_cast<std::size_t>(d)];
  return pad_total(d, in, kernel) / 2;
}

Shape WindowSpec::shape_of(std::int64_t batch, const std::int64_t* sizes,
                           std::int64_t channels) const {
  Shape shape{batch};
  if (channels_first) shape.push_back(channels);
  for (int d = 0; d < spatial; ++d) shape.push_back(sizes[d]);
  if (!channels_first) shape.push_back(channels);
  return shape;
}

ConvShape conv_shape(const WindowSpec& spec, const Shape& x, const std::int64_t* kernel) {
  ConvShape s;
  s.batch = x[0];
  s.in_channels = s.out_channels = x[spec.channel_axis()];
  for (int d = 0; d < spec.spatial; ++d) {
    const auto i = static_cast<std::size_t>(d), k = static_cast<std::size_t>(3 - spec.spatial) + i;
    s.in[k] = x[spec.axis(d)];
    s.kernel[k] = kernel[d];
    s.out[k] = spec.output_size(d, s.in[k], kernel[d]);
    s.stride[k] = spec.stride[i];
    s.dilation[k] = spec.dilation[i];
    s.pad[k] = spec.pad_before(d, s.in[k], kernel[d]);
  }
  return s;
}

}  // namespace tw
