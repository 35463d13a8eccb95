using System.Globalization;
using System.Management.Automation;
using System.Security.Cryptography;
using System.Text;
using PortMgmt.Operations;

namespace PortMgmt.PowerShell.Execution;

/// <summary>What an operation is known by from one process to the next.</summary>
internal static class InputHash
{
    /// <summary>How deep an input is looked into.</summary>
    private const int Depth = 2;

    /// <summary>The operation's id, marked as such; without one a hash of its input.</summary>
    public static string KeyOf(Operation<PSObject?> operation) =>
        operation.Id is { } id ? "id:" + id : "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(TextOf(operation.Input))));

    // Text and numbers are most of all inputs and need no serializer; their type is part of them.
    private static string TextOf(PSObject? input) => input?.BaseObject switch
    {
        null => "",
        string text => "s" + text,
        IConvertible simple when simple.GetType().IsPrimitive => simple.GetType().Name + Convert.ToString(simple, CultureInfo.InvariantCulture),
        _ => PSSerializer.Serialize(input, Depth),
    };
}
