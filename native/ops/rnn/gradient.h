#pragma once

#include "graph/gradient_context.h"

namespace tw::recurrent {

// The gradients of LSTM, GRU and RNN: products around LSTMGrad, GRUGrad and RNNGrad.
void lstm_gradient(GradientContext& g);
void gru_gradient(GradientContext& g);
void rnn_gradient(GradientContext& g);

}  // namespace tw::recurrent
