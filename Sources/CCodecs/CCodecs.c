#include "CCodecs.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <zlib.h>

// MARK: Zstandard: what is used of zstd.h, whose interface is stable since 1.4.0.

typedef struct { const void *bytes; size_t size; size_t position; } zstd_input;
typedef struct { void *bytes; size_t size; size_t position; } zstd_output;
enum { zstd_level = 100, zstd_window = 101, zstd_hash = 102, zstd_chain = 103 };

static struct {
    void *(*make)(void);
    size_t (*free)(void *);
    size_t (*set)(void *, int, int);
    size_t (*set_length)(void *, unsigned long long);
    size_t (*run)(void *, zstd_output *, zstd_input *, int);
    unsigned (*is_error)(size_t);
    int is_there;
} zstd;

// MARK: Brotli: what is used of brotli/encode.h, whose interface is stable since 1.0.0.

enum { brotli_quality = 1, brotli_window = 2, brotli_length = 5 };

static struct {
    void *(*make)(void *, void *, void *);
    void (*free)(void *);
    int (*set)(void *, int, uint32_t);
    int (*run)(void *, int, size_t *, const uint8_t **, size_t *, uint8_t **, size_t *);
    int (*has_more)(void *);
    int (*is_finished)(void *);
    int is_there;
} brotli;

// MARK: Loading

/// Looks a function up; 0 when it is not there.
static int find(void *library, const char *name, void *function) {
    *(void **)function = dlsym(library, name);
    return *(void **)function != NULL;
}

static void load_zstd(void) {
    void *library = dlopen("libzstd.so.1", RTLD_NOW | RTLD_LOCAL);
    if (!library) return;
    zstd.is_there = find(library, "ZSTD_createCCtx", &zstd.make) && find(library, "ZSTD_freeCCtx", &zstd.free)
        && find(library, "ZSTD_CCtx_setParameter", &zstd.set)
        && find(library, "ZSTD_CCtx_setPledgedSrcSize", &zstd.set_length)
        && find(library, "ZSTD_compressStream2", &zstd.run) && find(library, "ZSTD_isError", &zstd.is_error);
}

static void load_brotli(void) {
    void *library = dlopen("libbrotlienc.so.1", RTLD_NOW | RTLD_LOCAL);
    if (!library) return;
    brotli.is_there = find(library, "BrotliEncoderCreateInstance", &brotli.make)
        && find(library, "BrotliEncoderDestroyInstance", &brotli.free)
        && find(library, "BrotliEncoderSetParameter", &brotli.set)
        && find(library, "BrotliEncoderCompressStream", &brotli.run)
        && find(library, "BrotliEncoderHasMoreOutput", &brotli.has_more)
        && find(library, "BrotliEncoderIsFinished", &brotli.is_finished);
}

int martlet_codec_available(int coding) {
    static pthread_once_t zstd_once = PTHREAD_ONCE_INIT, brotli_once = PTHREAD_ONCE_INIT;
    if (coding == martlet_codec_gzip) return 1;
    if (coding == martlet_codec_zstd) {
        pthread_once(&zstd_once, load_zstd);
        return zstd.is_there;
    }
    if (coding == martlet_codec_brotli) {
        pthread_once(&brotli_once, load_brotli);
        return brotli.is_there;
    }
    return 0;
}

// MARK: States

struct martlet_codec {
    int coding;
    int decodes;
    /// Of a decoder: 1 when the end of a member of gzip has been seen, 2 when what follows is none.
    int end;
    z_stream zlib;
    /// Of the other libraries.
    void *state;
};

static int begin_gzip(martlet_codec *codec, int level, int window) {
    // As much memory for the other half of its work as for the window.
    int memory = window - 7 < 1 ? 1 : window - 7;
    return deflateInit2(&codec->zlib, level, Z_DEFLATED, window + 16, memory, Z_DEFAULT_STRATEGY) == Z_OK;
}

static int begin_zstd(martlet_codec *codec, int level, int window, int64_t length) {
    codec->state = zstd.make();
    if (!codec->state) return 0;
    if (zstd.is_error(zstd.set(codec->state, zstd_level, level))) return 0;
    if (zstd.is_error(zstd.set(codec->state, zstd_window, window))) return 0;
    // The tables of the higher levels are larger than a window of this size has a use for.
    if (zstd.is_error(zstd.set(codec->state, zstd_hash, window - 1))) return 0;
    if (zstd.is_error(zstd.set(codec->state, zstd_chain, window - 1))) return 0;
    return length < 0 || !zstd.is_error(zstd.set_length(codec->state, (unsigned long long)length));
}

static int begin_brotli(martlet_codec *codec, int level, int window, int64_t length) {
    codec->state = brotli.make(NULL, NULL, NULL);
    if (!codec->state || !brotli.set(codec->state, brotli_quality, (uint32_t)level)) return 0;
    if (!brotli.set(codec->state, brotli_window, (uint32_t)window)) return 0;
    if (length < 0) return 1;
    return brotli.set(codec->state, brotli_length, length > 1 << 30 ? 1u << 30 : (uint32_t)length);
}

martlet_codec *martlet_encoder_make(int coding, int level, int window, int64_t length) {
    if (!martlet_codec_available(coding)) return NULL;
    martlet_codec *codec = calloc(1, sizeof *codec);
    if (!codec) return NULL;
    codec->coding = coding;
    int is_begun = coding == martlet_codec_gzip ? begin_gzip(codec, level, window)
        : coding == martlet_codec_zstd          ? begin_zstd(codec, level, window, length)
                                                : begin_brotli(codec, level, window, length);
    if (is_begun) return codec;
    martlet_codec_free(codec);
    return NULL;
}

martlet_codec *martlet_decoder_make(void) {
    martlet_codec *codec = calloc(1, sizeof *codec);
    if (!codec) return NULL;
    codec->coding = martlet_codec_gzip;
    codec->decodes = 1;
    if (inflateInit2(&codec->zlib, 15 + 16) == Z_OK) return codec;
    free(codec);
    return NULL;
}

void martlet_codec_free(martlet_codec *codec) {
    if (codec->decodes) {
        inflateEnd(&codec->zlib);
    } else if (codec->coding == martlet_codec_gzip) {
        deflateEnd(&codec->zlib);
    } else if (codec->state) {
        if (codec->coding == martlet_codec_zstd) zstd.free(codec->state);
        else brotli.free(codec->state);
    }
    free(codec);
}

// MARK: Running

/// zlib counts in 32 bits.
static uInt bounded(size_t count) { return count > 1u << 30 ? 1u << 30 : (uInt)count; }

static int decode(martlet_codec *codec, size_t *input_count, size_t *output_count) {
    z_stream *zlib = &codec->zlib;
    uInt input = zlib->avail_in, output = zlib->avail_out;
    int result = martlet_codec_more;
    while (result == martlet_codec_more) {
        if (codec->end == 1 && zlib->avail_in > 0) {
            // Members may follow one another (RFC 1952 section 2.2); whatever else does is padding.
            codec->end = zlib->next_in[0] == 0x1f && inflateReset(zlib) == Z_OK ? 0 : 2;
        }
        if (codec->end == 2) zlib->avail_in = 0;
        if (codec->end != 0) { result = martlet_codec_ended; break; }
        if (zlib->avail_out == 0) break;
        int code = inflate(zlib, Z_NO_FLUSH);
        if (code == Z_STREAM_END) codec->end = 1;
        else if (code != Z_OK && code != Z_BUF_ERROR) result = martlet_codec_failed;
        // With room left, it has nothing more to say.
        else if (zlib->avail_in == 0 && zlib->avail_out > 0) result = martlet_codec_done;
        else if (code == Z_BUF_ERROR) break;
    }
    *input_count = input - zlib->avail_in;
    *output_count = output - zlib->avail_out;
    return result;
}

static int encode_gzip(martlet_codec *codec, size_t *input_count, size_t *output_count, int wish) {
    z_stream *zlib = &codec->zlib;
    uInt input = zlib->avail_in, output = zlib->avail_out;
    int flush = wish == martlet_codec_finish ? Z_FINISH : wish == martlet_codec_flush ? Z_SYNC_FLUSH : Z_NO_FLUSH;
    int code = deflate(zlib, flush);
    *input_count = input - zlib->avail_in;
    *output_count = output - zlib->avail_out;
    if (code == Z_STREAM_END) return martlet_codec_done;
    // Without progress: there was nothing to do.
    if (code == Z_BUF_ERROR) return wish == martlet_codec_finish ? martlet_codec_more : martlet_codec_done;
    if (code != Z_OK) return martlet_codec_failed;
    int is_done = wish != martlet_codec_finish && zlib->avail_in == 0 && zlib->avail_out > 0;
    return is_done ? martlet_codec_done : martlet_codec_more;
}

static int encode_zstd(
    martlet_codec *codec, const uint8_t *input, size_t *input_count, uint8_t *output, size_t *output_count, int wish) {
    zstd_input in = {input, *input_count, 0};
    zstd_output out = {output, *output_count, 0};
    size_t left = zstd.run(codec->state, &out, &in, wish);
    *input_count = in.position;
    *output_count = out.position;
    if (zstd.is_error(left)) return martlet_codec_failed;
    if (in.position < in.size) return martlet_codec_more;
    if (wish == martlet_codec_process) return out.position < out.size ? martlet_codec_done : martlet_codec_more;
    return left == 0 ? martlet_codec_done : martlet_codec_more;
}

static int encode_brotli(
    martlet_codec *codec, const uint8_t *input, size_t *input_count, uint8_t *output, size_t *output_count, int wish) {
    size_t in = *input_count, out = *output_count;
    int is_fine = brotli.run(codec->state, wish, &in, &input, &out, &output, NULL);
    *input_count -= in;
    *output_count -= out;
    if (!is_fine) return martlet_codec_failed;
    if (in > 0 || brotli.has_more(codec->state)) return martlet_codec_more;
    return wish != martlet_codec_finish || brotli.is_finished(codec->state) ? martlet_codec_done : martlet_codec_more;
}

int martlet_codec_run(
    martlet_codec *codec, const uint8_t *input, size_t *input_count, uint8_t *output, size_t *output_count, int wish) {
    if (codec->coding == martlet_codec_zstd) {
        return encode_zstd(codec, input, input_count, output, output_count, wish);
    }
    if (codec->coding == martlet_codec_brotli) {
        return encode_brotli(codec, input, input_count, output, output_count, wish);
    }
    codec->zlib.next_in = (Bytef *)input;
    codec->zlib.avail_in = bounded(*input_count);
    codec->zlib.next_out = output;
    codec->zlib.avail_out = bounded(*output_count);
    return codec->decodes ? decode(codec, input_count, output_count)
                          : encode_gzip(codec, input_count, output_count, wish);
}
