/* The beam searches of transducer.py and ctc.py, statement by statement, for when time matters.

   The numpy modules say what is computed and why; tests hold both to the same answers. All memory
   belongs to the caller (kernel.py), nothing here allocates, and nothing here calls Python. */

#include <math.h>
#include <stdint.h>

typedef struct {
    const int32_t *letter, *first_child, *child_count;
    const double *look_ahead;
} Space;

typedef struct {
    int32_t width, max_symbols, blank, classes, frames;
    double threshold;
} Settings;

/* Lists hold `width` places, `touched` as many as a frame can reach, `candidates` as many as
   `width` prefixes can have children. */
typedef struct {
    int32_t frame, round, phase;
    int32_t active_count, front_count, touched_count;
    int32_t *active, *front, *touched, *candidates, *missing, *owner;
    double *active_mass, *active_extra, *front_mass, *gains, *ranks;
    double limit;
    double *mass, *extra; /* by node */
    int32_t *row;         /* by node */
} State;

static double add_logs(double a, double b) {
    double high = a > b ? a : b, low = a > b ? b : a;
    return isinf(low) ? high : high + log1p(exp(low - high));
}

/* Moves the `keep` highest ranks, of any order, to the front of `order` (Hoare's selection). */
static void select_best(int32_t *order, const double *ranks, int32_t count, int32_t keep) {
    int32_t low = 0, high = count - 1;
    while (low < high) {
        double pivot = ranks[order[(low + high) / 2]];
        int32_t left = low, right = high;
        while (left <= right) {
            while (ranks[order[left]] > pivot) left++;
            while (ranks[order[right]] < pivot) right--;
            if (left <= right) {
                int32_t swapped = order[left];
                order[left++] = order[right];
                order[right--] = swapped;
            }
        }
        if (keep - 1 <= right) high = right;
        else if (keep - 1 >= left) low = left;
        else return;
    }
}

/* Indices of at most `width` ranks that reach `limit`, into `order`; returns how many. */
static int32_t keep_best(int32_t *order, const double *ranks, int32_t count, int32_t width,
                         double limit) {
    int32_t kept = 0;
    for (int32_t i = 0; i < count; i++)
        if (ranks[i] >= limit) order[kept++] = i;
    if (kept > width) {
        select_best(order, ranks, kept, width);
        kept = width;
    }
    return kept;
}

static double highest(const double *values, int32_t count) {
    double best = -INFINITY;
    for (int32_t i = 0; i < count; i++)
        if (values[i] > best) best = values[i];
    return best;
}

static void begin_frame(const Space *space, const Settings *settings, State *state) {
    double best = -INFINITY;
    for (int32_t i = 0; i < state->active_count; i++) {
        int32_t node = state->active[i];
        double ahead = state->active_mass[i] + space->look_ahead[node];
        state->mass[node] = state->active_mass[i];
        state->touched[i] = state->front[i] = node;
        state->front_mass[i] = state->active_mass[i];
        if (ahead > best) best = ahead;
    }
    state->touched_count = state->front_count = state->active_count;
    state->limit = best - settings->threshold;
    state->round = 0;
}

/* One round of letters; returns 0 where no child is worth following. */
static int write_letters(const Space *space, const Settings *settings, State *state,
                         const float *log_probs) {
    int32_t count = 0;
    for (int32_t i = 0; i < state->front_count; i++) {
        int32_t node = state->front[i], first = space->first_child[node];
        int64_t row = state->row[node];
        const float *said = log_probs + (row * settings->frames + state->frame) * settings->classes;
        for (int32_t child = first; child < first + space->child_count[node]; child++) {
            double gain = state->front_mass[i] + said[space->letter[child]];
            double rank = gain + space->look_ahead[child];
            if (rank < state->limit) continue;
            state->candidates[count] = child;
            state->gains[count] = gain;
            state->ranks[count++] = rank;
        }
    }
    int32_t kept = keep_best(state->owner, state->ranks, count, settings->width, state->limit);
    for (int32_t i = 0; i < kept; i++) {
        int32_t node = state->candidates[state->owner[i]];
        double gain = state->gains[state->owner[i]];
        if (isinf(state->mass[node])) state->touched[state->touched_count++] = node;
        state->mass[node] = add_logs(state->mass[node], gain);
        state->front[i] = node;
        state->front_mass[i] = gain;
    }
    state->front_count = kept;
    return kept > 0;
}

static void end_frame(const Space *space, const Settings *settings, State *state,
                      const float *log_probs) {
    for (int32_t i = 0; i < state->touched_count; i++) {
        int32_t node = state->touched[i];
        int64_t row = state->row[node];
        const float *said = log_probs + (row * settings->frames + state->frame) * settings->classes;
        state->gains[i] = state->mass[node] + said[settings->blank];
        state->ranks[i] = state->gains[i] + space->look_ahead[node];
        state->mass[node] = -INFINITY;
    }
    double limit = highest(state->ranks, state->touched_count) - settings->threshold;
    state->active_count =
        keep_best(state->owner, state->ranks, state->touched_count, settings->width, limit);
    for (int32_t i = 0; i < state->active_count; i++) {
        state->active[i] = state->touched[state->owner[i]];
        state->active_mass[i] = state->gains[state->owner[i]];
    }
}

static int32_t list_missing(State *state) {
    int32_t count = 0;
    for (int32_t i = 0; i < state->front_count; i++)
        if (state->row[state->front[i]] < 0) state->missing[count++] = state->front[i];
    return count;
}

enum { BEGIN = 0, LETTERS = 1 };

/* Searches until the end (returns 0) or until nodes in `missing` need rows (returns how many). */
int32_t search_transducer(const Space *space, const Settings *settings, State *state,
                          const float *log_probs) {
    while (state->frame < settings->frames) {
        if (state->phase == BEGIN) {
            begin_frame(space, settings, state);
            state->phase = LETTERS;
        }
        for (;;) {
            int32_t missing = list_missing(state);
            if (missing) return missing;
            if (state->round == settings->max_symbols) break;
            state->round++;
            if (!write_letters(space, settings, state, log_probs)) break;
        }
        end_frame(space, settings, state, log_probs);
        state->frame++;
        state->phase = BEGIN;
    }
    return 0;
}

/* CTC: `mass` and `extra` are the log probabilities of ending in blank and in the node's letter. */
void search_ctc(const Space *space, const Settings *settings, State *state,
                const float *log_probs) {
    for (state->frame = 0; state->frame < settings->frames; state->frame++) {
        const float *said = log_probs + (int64_t)state->frame * settings->classes;
        int32_t touched = 0;
        for (int32_t i = 0; i < state->active_count; i++) {
            int32_t node = state->active[i], own = space->letter[node];
            double either = add_logs(state->active_mass[i], state->active_extra[i]);
            state->mass[node] = either + said[settings->blank];
            state->extra[node] = own < 0 ? -INFINITY : state->active_extra[i] + said[own];
            state->touched[touched++] = node;
        }
        for (int32_t i = 0; i < state->active_count; i++) {
            int32_t node = state->active[i], own = space->letter[node];
            int32_t first = space->first_child[node];
            double either = add_logs(state->active_mass[i], state->active_extra[i]);
            for (int32_t child = first; child < first + space->child_count[node]; child++) {
                int32_t letter = space->letter[child];
                double before = letter == own ? state->active_mass[i] : either;
                if (isinf(state->mass[child]) && isinf(state->extra[child]))
                    state->touched[touched++] = child;
                state->extra[child] = add_logs(state->extra[child], before + said[letter]);
            }
        }
        for (int32_t i = 0; i < touched; i++) {
            int32_t node = state->touched[i];
            state->ranks[i] =
                add_logs(state->mass[node], state->extra[node]) + space->look_ahead[node];
        }
        double limit = highest(state->ranks, touched) - settings->threshold;
        int32_t kept = keep_best(state->owner, state->ranks, touched, settings->width, limit);
        for (int32_t i = 0; i < kept; i++) {
            int32_t node = state->touched[state->owner[i]];
            state->active[i] = node;
            state->active_mass[i] = state->mass[node];
            state->active_extra[i] = state->extra[node];
        }
        state->active_count = kept;
        for (int32_t i = 0; i < touched; i++)
            state->mass[state->touched[i]] = state->extra[state->touched[i]] = -INFINITY;
    }
}
