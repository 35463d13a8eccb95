using BenchmarkDotNet.Running;
using PortMgmt.Benchmarks.Cluster;
using PortMgmt.Benchmarks.Leases;
using PortMgmt.Benchmarks.Listeners;
using PortMgmt.Benchmarks.Operations;
using PortMgmt.Benchmarks.Simulation;
using PortMgmt.Benchmarks.Sizes;

// The modes tell percentiles and contention, which BenchmarkDotNet does not; everything else is its.
return args switch
{
    ["latency", ..] => LatencyMode.Run(args[1..]),
    ["registry", ..] => RegistryMode.Run(args[1..]),
    ["holders", ..] => HoldersMode.Run(args[1..]),
    ["partitions", ..] => PartitionMode.Run(args[1..]),
    ["cluster", ..] => ClusterMode.Run(args[1..]),
    ["simulate", ..] => SimulationMode.Run(args[1..]),
    ["pick", ..] => PickMode.Run(args[1..]),
    ["contend", ..] => ContentionMode.Run(args[1..]),
    ["compare", ..] => await CompareMode.RunAsync(args[1..]),
    ["sizes", ..] => await SizesMode.RunAsync(args[1..]),
    ["floors"] => await FloorsMode.RunAsync(),
    ["plot", ..] => PlotMode.Run(args[1..]),
    [ListeningChild.Mode, ..] => ListeningChild.Run(args[1..]),
    [ContentionMode.ChildMode, ..] => Contender.Run(args[1..]),
    _ => RunBenchmarks(args),
};

static int RunBenchmarks(string[] args)
{
    BenchmarkSwitcher.FromAssembly(typeof(LatencyMode).Assembly).Run(args);
    return 0;
}
