using System.Buffers;
using PortMgmt.Ports;

namespace PortMgmt.Leases.Allocation;

/// <summary>What a lease may be called.</summary>
internal static class LeaseName
{
    public const int MaxLength = 64;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:/@-");

    /// <summary>Whether a text is a name.</summary>
    public static bool IsOne(ReadOnlySpan<char> text) => text.Length is > 0 and <= MaxLength && !text.ContainsAnyExcept(Allowed);

    /// <summary>Refuses a name that is not one.</summary>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.InvalidRequest"/>.</exception>
    public static void Check(string name)
    {
        const string Way = "a name has 1 to 64 of the letters a-z and A-Z, the digits and . _ : / @ -";
        if (name.Length is 0 or > MaxLength)
        {
            throw PortRefusals.Invalid($"A lease's name cannot have {name.Length} characters: {Way}.");
        }

        int stranger = name.AsSpan().IndexOfAnyExcept(Allowed);
        if (stranger >= 0)
        {
            throw PortRefusals.Invalid($"A lease's name cannot have the character U+{(int)name[stranger]:X4} (at position {stranger + 1}): {Way}.{DescribeList(name)}");
        }
    }

    // What is no name, but a list of names as some other program would take it.
    private static string DescribeList(string text)
    {
        string[] names = text.Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return names.Length > 1 && Array.TrueForAll(names, static name => IsOne(name))
            ? $" Several names are given one by one: --name {string.Join(" --name ", names)}, in PowerShell -Name {string.Join(", ", names)}."
            : "";
    }
}
