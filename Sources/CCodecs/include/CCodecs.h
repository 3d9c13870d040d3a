// Content codings of libraries, all in one shape: gzip by zlib, which is linked, Zstandard and Brotli by libraries that are
// loaded when they are first asked for, if the system has them. No logic of HTTP lives here.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// The codings. Only gzip is decoded.
static const int martlet_codec_gzip = 1, martlet_codec_zstd = 2, martlet_codec_brotli = 3;

/// What a call is to do: take the input, take it and give out all that it makes, take it as the last.
static const int martlet_codec_process = 0, martlet_codec_flush = 1, martlet_codec_finish = 2;

/// What a call has done: there is more to come of the same, the input is taken and the wish is met, the end of what is decoded
/// has been seen, the input is none, or memory is used up.
static const int martlet_codec_more = 0, martlet_codec_done = 1, martlet_codec_ended = 2, martlet_codec_failed = -1;

/// The state of one encoder or decoder.
typedef struct martlet_codec martlet_codec;

/// Whether the library for a coding is there. The first call for a coding loads it, and may come from any thread.
int martlet_codec_available(int coding);
/// An encoder; NULL when the library is not there, or has no memory.
/// `window` is the base 2 logarithm of the bytes that it looks back at, `length` how many bytes will come, -1 if that is not known.
martlet_codec *martlet_encoder_make(int coding, int level, int window, int64_t length);
/// A decoder for gzip; NULL when there is no memory.
martlet_codec *martlet_decoder_make(void);
/// Reads up to `*input_count` bytes and writes up to `*output_count`; afterwards both say how many.
int martlet_codec_run(
    martlet_codec *codec, const uint8_t *input, size_t *input_count, uint8_t *output, size_t *output_count, int wish);
void martlet_codec_free(martlet_codec *codec);
