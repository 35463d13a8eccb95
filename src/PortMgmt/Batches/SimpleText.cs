using System.Globalization;
using System.Management.Automation;
using System.Net;
using System.Numerics;

namespace PortMgmt.PowerShell.Batches;

/// <summary>The text of a value that is one thing and no collection of others, exact and the same in every culture and process.</summary>
internal static class SimpleText
{
    /// <summary>The text; null for a value that has none which says all of it.</summary>
    public static string? TryGet(object? value) => value switch
    {
        string text => text,
        Enum name => name.ToString("D"),
        DateTime or DateTimeOffset or DateOnly or TimeOnly => ((IFormattable)value).ToString("O", CultureInfo.InvariantCulture),
        IConvertible simple when simple.GetType().IsPrimitive => simple.ToString(CultureInfo.InvariantCulture),
        decimal or BigInteger or Guid or TimeSpan or Half or Int128 or UInt128 => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
        Uri address => address.OriginalString,
        Version or IPAddress or IPEndPoint or SwitchParameter => value.ToString(),
        DBNull => "",
        _ => null,
    };
}
