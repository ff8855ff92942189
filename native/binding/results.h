#pragma once

#include "binding/run.h"

namespace tw::binding {

// Makes the memory of results whose shapes are known beforehand, where JavaScript is to own it,
// and lets the run write there. `outs`: the caller's arrays, or undefined; a synchronous run
// writes into them straight.
void make_outs(napi_env env, EnvData& data, const Layout& layout, napi_value outs, bool async,
               Run& run);

// Puts the results of a run that has ended into the mailbox; gives the list of the others, or
// null when there is none. Copies into the caller's arrays what is not there yet.
napi_value write_results(napi_env env, EnvData& data, napi_value outs, Run& run);

}  // namespace tw::binding
