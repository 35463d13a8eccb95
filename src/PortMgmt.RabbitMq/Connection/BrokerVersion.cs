using System.Globalization;
using System.Text;
using RabbitMQ.Client;

namespace PortMgmt.RabbitMq.Connection;

/// <summary>What follows from the version of the broker.</summary>
internal static class BrokerVersion
{
    private const string Property = "version";
    private const int FirstWithLimits = 4;

    /// <summary>Whether a quorum queue of which nothing else is said drops a message after some deliveries: from 4.0.</summary>
    public static bool LimitsDeliveries(IConnection connection) =>
        connection.ServerProperties?.TryGetValue(Property, out object? version) == true && version is byte[] text && LimitsDeliveries(Encoding.UTF8.GetString(text));

    /// <summary>The same, from the text.</summary>
    internal static bool LimitsDeliveries(string version)
    {
        ReadOnlySpan<char> major = version.AsSpan();
        int dot = major.IndexOf('.');
        return int.TryParse(dot < 0 ? major : major[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= FirstWithLimits;
    }
}
