using System.CommandLine;
using PortMgmt.Cli.Parsing;

namespace PortMgmt.Cli.Commands;

/// <summary>All verbs of the command line.</summary>
internal static class CommandTree
{
    /// <summary>Builds the tree. It is whole each time: building the verbs that are not called takes less than a millisecond.</summary>
    /// <param name="split">The arguments: <c>run</c>, <c>batch</c> and <c>worker</c> are given the command behind <c>--</c>.</param>
    public static Command Build(ArgumentSplit split)
    {
        var globals = new GlobalOptions();
        var root = new Command("portmgmt", "Port leases and operation batches for shells, services and containers.")
        {
            new RunCommand(globals, split),
            new Command("lease", "Take, list, renew and give back leases: lease new, list, renew, remove.")
            {
                new LeaseNewCommand(globals),
                new LeaseListCommand(globals),
                new LeaseRenewCommand(globals),
                new LeaseRemoveCommand(globals),
            },
            new EnvCommand(globals),
            new BatchCommand(globals, split),
            new WorkerCommand(globals, split),
            new SubmitCommand(globals),
            new NodesCommand(globals),
            new SweepCommand(globals),
            new WhoCommand(globals),
            new WaitCommand(globals),
            new TestCommand(globals),
            new PolicyCommand(globals) { new PolicySetCommand(globals) },
            new RegistryCommand(globals) { new RegistryInitCommand(globals) },
            new CompletionCommand(globals),
            new CompleteCommand(globals, split),
            new DemoCommand(globals) { new DemoInstanceCommand(globals) },
            new HelpCommand(globals),
        };
        globals.AddTo(root);
        return root;
    }
}
