using PortMgmt.Cli.Output;
using PortMgmt.Leases;
using PortMgmt.Ports;

namespace PortMgmt.Cli.Commands;

/// <summary>Applies a change to each of several leases: one that fails is reported and does not keep the others from it.</summary>
internal static class LeaseChange
{
    /// <summary>Applies the change and prints the leases that it was applied to.</summary>
    /// <returns>The exit code: that of the first failure, or done.</returns>
    public static int Apply(IReadOnlyList<PortLease> leases, Func<PortLease, PortLease> change, CommandOutput output)
    {
        int exitCode = ExitCodes.Done;
        var changed = new List<PortLease>(leases.Count);
        for (int i = 0; i < leases.Count; i++)
        {
            try
            {
                changed.Add(change(leases[i]));
            }
            catch (PortRegistryException failure)
            {
                ErrorLine.Write(failure.Message);
                exitCode = exitCode == ExitCodes.Done ? ExitCodes.From(failure) : exitCode;
            }
        }

        if (output.Json)
        {
            output.WriteArray(changed, LeaseJson.Write);
        }

        return exitCode;
    }
}
