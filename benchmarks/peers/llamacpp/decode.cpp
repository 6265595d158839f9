// Decodes greedily with llama.cpp: for every line "decode N", one line of JSON with tokens a second.
// Arguments: a gguf file, the number of threads.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>

#include "llama.h"

static const int CONTEXT = 1024;
static const int PROMPT = 16;

static llama_token step(llama_context * context, int vocabulary, llama_token token) {
    if (llama_decode(context, llama_batch_get_one(&token, 1)) != 0) {
        std::fprintf(stderr, "decoding failed\n");
        std::exit(1);
    }
    const float * logits = llama_get_logits_ith(context, -1);
    llama_token best = 0;
    for (llama_token i = 1; i < vocabulary; i++) {
        best = logits[i] > logits[best] ? i : best;
    }
    return best;
}

int main(int count, char ** arguments) {
    if (count != 3) {
        std::fprintf(stderr, "arguments: FILE.gguf THREADS\n");
        return 2;
    }
    llama_log_set([](ggml_log_level level, const char * text, void *) {
        if (level == GGML_LOG_LEVEL_ERROR) {
            std::fputs(text, stderr);
        }
    }, nullptr);
    llama_backend_init();
    llama_model_params model_parameters = llama_model_default_params();
    model_parameters.n_gpu_layers = 0;
    llama_model * model = llama_model_load_from_file(arguments[1], model_parameters);
    if (model == nullptr) {
        return 1;
    }
    llama_context_params parameters = llama_context_default_params();
    parameters.n_ctx = CONTEXT;
    parameters.n_batch = 512;
    parameters.n_threads = std::atoi(arguments[2]);
    parameters.n_threads_batch = parameters.n_threads;
    parameters.type_k = GGML_TYPE_F32;
    parameters.type_v = GGML_TYPE_F32;
    llama_context * context = llama_init_from_model(model, parameters);
    if (context == nullptr) {
        return 1;
    }
    const int vocabulary = llama_vocab_n_tokens(llama_model_get_vocab(model));
    llama_token token = 1;
    for (int i = 0; i < PROMPT; i++) {
        token = step(context, vocabulary, token);
    }
    std::printf("{\"versions\": {\"llama.cpp\": \"%s\"}}\n", llama_print_system_info());
    std::fflush(stdout);
    std::string word;
    int tokens = 0;
    while (std::cin >> word >> tokens) {
        llama_memory_seq_rm(llama_get_memory(context), 0, PROMPT, -1);
        token = step(context, vocabulary, token);
        auto start = std::chrono::steady_clock::now();
        for (int i = 0; i < tokens; i++) {
            token = step(context, vocabulary, token);
        }
        std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
        std::printf("{\"tokensPerSecond\": %f}\n", tokens / seconds.count());
        std::fflush(stdout);
    }
    llama_free(context);
    llama_model_free(model);
}
