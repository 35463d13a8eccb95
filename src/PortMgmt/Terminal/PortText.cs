using System.Globalization;
using PortMgmt.Leases;
using PortMgmt.Ports;
using PortMgmt.Text;

namespace PortMgmt.PowerShell.Terminal;

/// <summary>Words for verbose messages, confirmations and tooltips. Plain concatenation: this is on the path of a first lease.</summary>
internal static class PortText
{
    public static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    public static string Describe(PortProtocol protocol) => protocol switch
    {
        PortProtocol.Tcp => "TCP",
        PortProtocol.Udp => "UDP",
        _ => "TCP and UDP",
    };

    public static string Describe(PortRegistrySource source) => source switch
    {
        PortRegistrySource.Option => "named by -Registry",
        PortRegistrySource.Environment => "named by the environment variable PORTMGMT_REGISTRY",
        PortRegistrySource.MachineWide => "the machine-wide one, which an administrator made",
        _ => "the user's own, since nothing names another and there is no machine-wide one",
    };

    /// <summary>What ends a lease, as a clause.</summary>
    public static string DescribeEnd(PortLease lease)
    {
        string owner = lease.OwnerProcessId is int id ? "process " + Number(id) + " ends" : "it is removed";
        return lease.ExpiresAt is DateTimeOffset end
            ? "until " + owner + " or " + TimeText.Format(end)
            : "until " + owner;
    }
}
