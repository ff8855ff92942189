#pragma once

// The only file that includes the Node-API headers.
#ifndef NAPI_VERSION
#define NAPI_VERSION 9
#endif
#include <node_api.h>
