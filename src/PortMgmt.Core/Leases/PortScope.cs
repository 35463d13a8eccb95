using PortMgmt.Leases.Allocation;

namespace PortMgmt.Leases;

/// <summary>
/// What a lease's name belongs to, such as a checkout of a project: <c>web</c> in one scope and <c>web</c> in another are two names, each
/// with a port of its own that it tends to get back.
/// </summary>
public static class PortScope
{
    /// <summary>The word, in whatever case, for the real path of the nearest directory that has <c>.git</c>, a file or a folder.</summary>
    public const string Auto = "auto";

    /// <summary>The environment variable that names a scope where none is given.</summary>
    public const string Variable = "PORTMGMT_SCOPE";

    /// <summary>The scope that is meant, as leases have it.</summary>
    /// <param name="scope">What was asked for; empty for none. Null leaves it to <c>PORTMGMT_SCOPE</c>, in which <see cref="Auto"/> outside of any checkout is none.</param>
    /// <param name="directory">Where <see cref="Auto"/> begins to look upwards; null for the current directory.</param>
    /// <returns>The scope; empty for none. Of one that is longer than a lease has room for, the end behind a hash of the whole.</returns>
    /// <exception cref="Ports.PortRegistryException"><see cref="Ports.PortRegistryErrorCode.InvalidRequest"/>: the text is no scope, or <see cref="Auto"/> was asked for where there is no checkout.</exception>
    public static string Find(string? scope, string? directory = null)
    {
        string text = scope ?? Environment.GetEnvironmentVariable(Variable) ?? "";
        if (!text.Equals(Auto, StringComparison.OrdinalIgnoreCase))
        {
            return LeaseScope.Check(text);
        }

        string start = directory ?? FindCurrentDirectory();
        if (LeaseScope.FindCheckout(start) is { } checkout)
        {
            return LeaseScope.Check(checkout);
        }

        return scope is null
            ? ""
            : throw PortRefusals.Invalid($"The scope '{Auto}' is the nearest directory that has .git, but neither '{start}' has one nor any directory above it: name a scope, or an empty one for none.");
    }

    private static string FindCurrentDirectory()
    {
        try
        {
            return Path.GetFullPath(".");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw PortRefusals.Invalid($"The scope '{Auto}' begins to look at the current directory, which cannot be found ({e.Message.TrimEnd('.')}): it was removed, perhaps. Go to another, name a scope, or an empty one for none.");
        }
    }
}
