using System.Globalization;
using PortMgmt.Leases.Table;

namespace PortMgmt.Leases.Allocation;

/// <summary>What may be a scope, and which directory is one by itself.</summary>
internal static class LeaseScope
{
    // As many as the kernel follows.
    private const int MaxLinks = 40;

    /// <summary>Refuses a text that is no scope, and gives it as the table keeps it.</summary>
    /// <exception cref="Ports.PortRegistryException"><see cref="Ports.PortRegistryErrorCode.InvalidRequest"/>.</exception>
    public static string Check(string text)
    {
        if (text.Length > ScopeText.MaxLength)
        {
            throw PortRefusals.Invalid($"A scope cannot have {text.Length} characters: the most is {ScopeText.MaxLength}.");
        }

        int stranger = ScopeText.FindStranger(text);
        return stranger < 0
            ? ScopeText.Shorten(text)
            : throw PortRefusals.Invalid(string.Create(
                CultureInfo.InvariantCulture,
                $"A scope cannot have the character U+{(int)text[stranger]:X4} (at position {stranger + 1}): it is any text without control and format characters that does not begin with = + - @, such as a path."));
    }

    /// <summary>The real path of the nearest directory that has .git; null when there is none.</summary>
    public static string? FindCheckout(string directory)
    {
        for (string? at = GetRealPath(directory); at is not null; at = Path.GetDirectoryName(at))
        {
            if (Path.Exists(Path.Combine(at, ".git")))
            {
                return at;
            }
        }

        return null;
    }

    /// <summary>The path that leads to a directory without any link.</summary>
    public static string GetRealPath(string path) => GetRealPath(path, MaxLinks);

    private static string GetRealPath(string path, int linksLeft)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        string? parent = Path.GetDirectoryName(full);
        if (parent is null)
        {
            return full;
        }

        string here = Path.Combine(GetRealPath(parent, linksLeft), Path.GetFileName(full));
        return linksLeft > 0 && new DirectoryInfo(here).LinkTarget is { } target
            ? GetRealPath(Path.Combine(Path.GetDirectoryName(here)!, target), linksLeft - 1)
            : here;
    }
}
