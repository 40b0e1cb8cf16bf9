// A bench of ours for KF8237 (github.com/kitune-san/KF8237), as Verilator makes a C++ class of it. Nothing of that
// core is in this repository: judge/rtl/compare takes the path of a checkout.
//
//   kf8237 apply              reads a vector file that ./flyby 8237 has understood, prints it with the core's outputs
//   kf8237 random SEED LINES  prints a vector file of random programming and requests, with the core's outputs
//   kf8237 speed CLOCKS       a block transfer without end; prints clocks per second
//
// The core has no pin for the level of a strobe that it does not drive, and drives A all the time: what stands in
// those columns is what the data sheet's pins would show when AEN is up. Its state is read from inside.
//
// Two pins are fed so that they mean what they mean in the data sheet, which gives the set-up time of HLDA to CLK high
// and that of READY to CLK low. The core looks at HLDA when CLK falls: it gets the level of the CLK high before. It
// looks at READY when CLK rises, for the terminal count, and when it falls, for the state: it gets the level half a
// clock early.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "VKF8237.h"
#include "VKF8237___024root.h"
#include "verilated.h"

namespace {

// What one line of a vector file drives, in the order of its columns.
struct Inputs {
    int reset = 0, cs = 1, ior = 1, iow = 1, address = 0, data = -1, dreq = 0, hlda = 0, ready = 1, eop = 1;
};

const char *const HEADING =
    "RESET CS IOR IOW A DB DREQ HLDA READY EOP | STATE HRQ DACK AEN ADSTB A DB IOR IOW MEMR MEMW EOP";
const char *const STATES[] = {"SI", "S0", "S1", "S2", "S3", "SW", "S4"};
constexpr int S0 = 1, S2 = 3, SW = 5;

std::string bits(int value, int count) {
    std::string text;
    for (int i = count - 1; i >= 0; i--) {
        text += ((value >> i) & 1) != 0 ? '1' : '0';
    }
    return text;
}

std::string hex(int value, int digits) {
    if (value < 0) {
        return "zz";
    }
    char text[8];
    std::snprintf(text, sizeof text, "%0*x", digits, value);
    return text;
}

class Core {
  public:
    Core() {
        top.clock = 1;
        drive(Inputs());
        top.reset = 1;
        top.eval();
        top.reset = 0;
        top.eval();
    }

    int state() { return top.rootp->KF8237__DOT__u_Timing_And_Control__DOT__state; }
    bool holdRequest() const { return top.hold_request != 0; }
    // What it will be in when CLK falls, if the inputs stay as they are.
    int nextState() { return top.rootp->KF8237__DOT__u_Timing_And_Control__DOT__next_state; }

    void fall(const Inputs &inputs) {
        drive(inputs);
        top.eval();
        top.clock = 0;
        top.eval();
    }

    // nextReady: what READY will be when CLK falls next.
    void rise(const Inputs &inputs, int nextReady) {
        top.ready = nextReady;
        top.eval();
        top.clock = 1;
        top.hold_acknowledge = inputs.hlda;
        top.eval();
    }

    // One clock with nothing but these two inputs, as fast as it goes.
    void edges(bool request, bool acknowledge) {
        top.dma_request = request;
        top.hold_acknowledge = acknowledge;
        top.clock = 0;
        top.eval();
        top.clock = 1;
        top.eval();
    }

    // The outputs as they are, in the order of the columns.
    std::vector<std::string> levels() {
        bool drives = top.address_enable != 0;
        bool reads = top.chip_select_n == 0 && top.io_read_n_in == 0 && state() <= S0;
        bool data = top.output_highst_address != 0 || reads;
        return {STATES[state()],
                bits(top.hold_request, 1),
                bits(top.dma_acknowledge, 4),
                bits(top.address_enable, 1),
                bits(top.address_strobe, 1),
                drives ? hex(top.address_out & 0xff, 2) : "zz",
                data ? hex(top.data_bus_out, 2) : "zz",
                strobe(drives, top.io_read_n_out),
                strobe(drives, top.io_write_n_out),
                strobe(drives, top.memory_read_n),
                strobe(drives, top.memory_write_n),
                bits(top.end_of_process_n_out, 1)};
    }

  private:
    VKF8237 top;

    void drive(const Inputs &inputs) {
        top.reset = inputs.reset;
        top.chip_select_n = inputs.cs;
        top.io_read_n_in = inputs.ior;
        top.io_write_n_in = inputs.iow;
        top.address_in = inputs.address;
        top.data_bus_in = inputs.data < 0 ? 0xff : inputs.data;
        top.dma_request = inputs.dreq;
        top.ready = inputs.ready;
        top.end_of_process_n_in = inputs.eop;
    }

    static std::string strobe(bool drives, int level) { return drives ? bits(level, 1) : "z"; }
};

void print(const Inputs &inputs, const std::vector<std::string> &low, const std::vector<std::string> &high) {
    std::cout << inputs.reset << ' ' << inputs.cs << ' ' << inputs.ior << ' ' << inputs.iow << ' '
              << hex(inputs.address, 1) << ' ' << hex(inputs.data, 2) << ' ' << bits(inputs.dreq, 4) << ' '
              << inputs.hlda << ' ' << inputs.ready << ' ' << inputs.eop << " |";
    for (size_t i = 0; i < low.size(); i++) {
        std::cout << ' ' << low[i] << (low[i] == high[i] ? "" : ">" + high[i]);
    }
    std::cout << '\n';
}

// Puts a level where its column belongs.
void set(Inputs &in, const std::string &column, const std::string &text) {
    if (column == "A" || column == "DB") {
        int level = text == "zz" ? -1 : std::stoi(text, nullptr, 16);
        (column == "A" ? in.address : in.data) = level;
    } else if (column == "DREQ") {
        in.dreq = std::stoi(text, nullptr, 2);
    } else {
        int *const levels[] = {&in.reset, &in.cs, &in.ior, &in.iow, &in.hlda, &in.ready, &in.eop};
        const char *const names[] = {"RESET", "CS", "IOR", "IOW", "HLDA", "READY", "EOP"};
        for (int i = 0; i < 7; i++) {
            if (column == names[i]) {
                *levels[i] = std::stoi(text);
            }
        }
    }
}

// Expects a good file: ./flyby 8237 says what is wrong with a bad one.
int apply() {
    std::vector<Inputs> lines;
    std::vector<std::string> columns;
    std::string line;
    while (std::getline(std::cin, line)) {
        std::istringstream words(line.substr(0, line.find_first_of("#|")));
        std::vector<std::string> levels;
        for (std::string word; words >> word;) {
            levels.push_back(word);
        }
        if (levels.empty()) {
            continue;
        }
        if (columns.empty()) {
            columns = levels;
            continue;
        }
        long repeats = 1;
        if (levels[0].back() == '*') {
            repeats = std::stol(levels[0]);
            levels.erase(levels.begin());
        }
        Inputs in;
        for (size_t i = 0; i < columns.size() && i < levels.size(); i++) {
            set(in, columns[i], levels[i]);
        }
        lines.insert(lines.end(), repeats, in);
    }
    Core core;
    std::cout << HEADING << '\n';
    for (size_t i = 0; i < lines.size(); i++) {
        core.fall(lines[i]);
        std::vector<std::string> low = core.levels();
        core.rise(lines[i], i + 1 < lines.size() ? lines[i + 1].ready : 1);
        print(lines[i], low, core.levels());
    }
    return 0;
}

// xorshift64*, so that a seed gives the same file everywhere.
class Random {
  public:
    explicit Random(uint64_t seed) : state(seed * 0x9e3779b97f4a7c15ULL | 1) {}

    int below(int bound) {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        return static_cast<int>((state * 0x2545f4914f6cdd1dULL >> 33) % static_cast<uint64_t>(bound));
    }

    bool chance(int one, int in) { return below(in) < one; }

  private:
    uint64_t state;
};

// Programs the chip, lets peripherals ask, grants the bus, and begins anew with RESET.
class Environment {
  public:
    Environment(uint64_t seed, long lines) : random(seed), left(lines) {}

    void run() {
        std::cout << HEADING << '\n';
        while (left > 0) {
            episode();
        }
    }

  private:
    Core core;
    Random random;
    long left;
    Inputs in;
    // DREQ lines that do not ask.
    int idle = 0;
    // How many more wait states this transfer has, beyond the core's own.
    int waits = 0;

    void line() {
        core.fall(in);
        std::vector<std::string> low = core.levels();
        // The core has a wait state wherever strobes are driven. The file says that READY is low as it begins, so that
        // both have it.
        int ready = core.state() == SW ? (waits-- > 0 ? 0 : 1) : (core.nextState() == SW ? 0 : 1);
        core.rise(in, ready);
        print(in, low, core.levels());
        in.ready = ready;
        left--;
    }

    void write(int address, int value) {
        in.cs = in.iow = 0;
        in.address = address;
        in.data = value;
        line();
        in.cs = in.iow = 1;
        in.address = 0;
        in.data = -1;
        line();
    }

    void read(int address) {
        in.cs = in.ior = 0;
        in.address = address;
        line();
        in.cs = in.ior = 1;
        in.address = 0;
        line();
    }

    void word(int address, int value) {
        write(address, value & 0xff);
        write(address, value >> 8);
    }

    void episode() {
        in = Inputs();
        in.reset = 1;
        line();
        in.reset = 0;
        line();
        // Compressed timing, rotating priority, extended write, DREQ and DACK polarity; not memory-to-memory, which
        // the core lacks, nor address hold, which it has for other transfers, too.
        int command = random.below(256) & 0xf8;
        idle = (command & 0x40) != 0 ? 0xf : 0;
        in.dreq = idle;
        write(0xc, 0);
        write(0x8, command);
        for (int channel = 0; channel < 4; channel++) {
            // Demand, single or block mode; verify, write or read; any direction, autoinitializing or not.
            write(0xb, random.below(3) << 6 | random.below(4) << 4 | random.below(3) << 2 | channel);
            // Often near the end of a page of 256 bytes, where A8 to A15 change.
            int low = random.chance(1, 2) ? 0xfc + random.below(4) : random.below(256);
            word(2 * channel, random.below(256) << 8 | low);
            word(2 * channel + 1, random.chance(1, 3) ? 0 : random.below(6));
        }
        int masks = random.below(16) & random.below(16);
        int services = 1 + random.below(4);
        for (int i = 0; i < services; i++) {
            // Each time anew: the core does not mask a channel that has reached its terminal count.
            write(0xf, masks);
            serve();
        }
        for (int address = 0; address < 8; address++) {
            read(address);
            read(address);
        }
        read(0x8);
        read(0x8);
    }

    // One service: some channels ask, those that are served until DACK at least. A channel whose service is over
    // stops asking, as in single and block mode the core wants to see another edge.
    void serve() {
        in.dreq = idle ^ (1 + random.below(15));
        int clocksToGrant = random.below(4);
        waits = random.chance(1, 2) ? 0 : random.below(3);
        bool ends = random.chance(1, 8);
        line();
        for (int clocks = 0; core.holdRequest() && clocks < 200; clocks++) {
            if (core.state() == S0 && clocksToGrant-- <= 0) {
                in.hlda = 1;
            }
            // EOP from outside is seen by the core in S2 only.
            in.eop = ends && core.nextState() == S2 ? 0 : 1;
            if (core.state() == S2 && random.chance(1, 4)) {
                in.dreq = idle;
            }
            line();
        }
        in.eop = 1;
        in.hlda = 0;
        in.dreq = idle;
        line();
        line();
    }
};

int speed(long clocks) {
    Core core;
    Inputs in;
    auto write = [&](int address, int value) {
        in.cs = in.iow = 0;
        in.address = address;
        in.data = value;
        core.fall(in);
        core.rise(in, 1);
        in.cs = in.iow = 1;
        core.fall(in);
        core.rise(in, 1);
    };
    // Block mode, write, autoinitialize, 65,536 transfers; DREQ falls with each, as the core wants to see an edge.
    write(0xb, 0x94);
    write(0x1, 0xff);
    write(0x1, 0xff);
    write(0xa, 0x00);
    std::clock_t began = std::clock();
    for (long i = 0; i < clocks; i++) {
        core.edges(!core.holdRequest(), core.holdRequest());
    }
    double seconds = static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC;
    std::printf("%ld clocks in %.3f s of CPU time, %.2f million clocks per second\n", clocks, seconds, clocks / seconds / 1e6);
    return 0;
}

}  // namespace

int main(int argc, char **argv) {
    std::ios::sync_with_stdio(false);
    std::string what = argc > 1 ? argv[1] : "";
    if (what == "apply") {
        return apply();
    }
    if (what == "random" && argc == 4) {
        Environment(std::strtoull(argv[2], nullptr, 0), std::strtol(argv[3], nullptr, 10)).run();
        return 0;
    }
    if (what == "speed" && argc == 3) {
        return speed(std::strtol(argv[2], nullptr, 10));
    }
    std::cerr << "usage: kf8237 apply | random SEED LINES | speed CLOCKS\n";
    return 2;
}
