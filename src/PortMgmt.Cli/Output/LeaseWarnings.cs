using PortMgmt.Leases;

namespace PortMgmt.Cli.Output;

/// <summary>What the core has to say of new leases, on standard error.</summary>
internal static class LeaseWarnings
{
    /// <summary>Writes each warning once.</summary>
    public static void Write(IReadOnlyList<PortLease> leases)
    {
        for (int i = 0; i < leases.Count; i++)
        {
            IReadOnlyList<string> warnings = leases[i].Warnings;
            for (int j = 0; j < warnings.Count; j++)
            {
                ErrorLine.Warn(warnings[j]);
            }
        }
    }
}
