using System.CommandLine;
using PortMgmt.Cli.Parsing;

namespace PortMgmt.Cli.Commands;

/// <summary>All verbs of the command line.</summary>
internal static class CommandTree
{
    /// <summary>Builds the tree.</summary>
    /// <param name="split">The arguments: <c>run</c> is given the command behind <c>--</c>.</param>
    public static RootCommand Build(ArgumentSplit split)
    {
        var globals = new GlobalOptions();
        var root = new RootCommand("Port leases for shells, services and containers.")
        {
            globals.Registry,
            globals.Json,
            new RunCommand(globals, split),
            new Command("lease", "Take, list, renew and give back leases.")
            {
                new LeaseNewCommand(globals),
                new LeaseListCommand(globals),
                new LeaseRenewCommand(globals),
                new LeaseRemoveCommand(globals),
            },
            new SweepCommand(globals),
            new WhoCommand(globals),
            new WaitCommand(globals),
            new PolicyCommand(globals) { new PolicySetCommand(globals) },
            new RegistryCommand(globals) { new RegistryInitCommand(globals) },
            new DemoCommand(globals),
        };
        root.Directives.Clear();
        return root;
    }
}
