using PortMgmt.Platform;
using PortMgmt.Ports;

namespace PortMgmt.Leases.Registry;

/// <summary>Where a registry is, and by which rule.</summary>
/// <param name="Directory">Its directory, an absolute path.</param>
/// <param name="Source">The rule.</param>
internal readonly record struct RegistryLocation(string Directory, PortRegistrySource Source)
{
    /// <summary>The environment variable that names a directory.</summary>
    public const string Variable = "PORTMGMT_REGISTRY";

    private const string DevicePrefix = @"\\.\";

    /// <summary>Whether the users of the machine share it.</summary>
    public bool IsShared => Source == PortRegistrySource.MachineWide;

    public string LockFile => Path.Combine(Directory, "leases.lock");

    public string PolicyFile => Path.Combine(Directory, "policy.json");

    public string TableFile(HostPlatform platform) => Path.Combine(Directory, $"leases-{platform.InstanceId}.table");

    public static RegistryLocation Find(HostPlatform platform, string? directory)
    {
        if (!string.IsNullOrEmpty(directory))
        {
            RequireNoTilde(directory, "The registry");
            return At(directory, PortRegistrySource.Option, platform);
        }

        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
        {
            RequireAbsolute(named);
            return At(named, PortRegistrySource.Environment, platform);
        }

        return platform.HasMachineDirectory
            ? new RegistryLocation(platform.MachineDirectory, PortRegistrySource.MachineWide)
            : new RegistryLocation(platform.UserDirectory, PortRegistrySource.User);
    }

    /// <summary>What is inherited by processes in other directories must mean the same there.</summary>
    private static void RequireAbsolute(string directory)
    {
        RequireNoTilde(directory, Variable);
        if (!Path.IsPathFullyQualified(directory))
        {
            throw NotAbsolute($"{Variable} is '{directory}', which would be another registry in each working directory: write '{FullPath(directory)}'.");
        }
    }

    /// <summary>A shell replaces a tilde only where it begins a word without quotes; what is left of one would be a directory of that name.</summary>
    private static void RequireNoTilde(string directory, string source)
    {
        if (!directory.StartsWith('~'))
        {
            return;
        }

        string rest = directory[1..];
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string spelling = rest.Length == 0 || Path.EndsInDirectorySeparator(rest[..1]) ? $"write '{Path.Join(home, rest)}'" : "write the whole path";
        throw NotAbsolute($"{source} is '{directory}', with a ~ that no shell has replaced: {spelling}.");
    }

    private static PortRegistryException NotAbsolute(string message) => new(PortRegistryErrorCode.RegistryUnavailable, message);

    // Named or found, the machine-wide directory is the machine-wide one: its files must be everybody's.
    private static RegistryLocation At(string directory, PortRegistrySource source, HostPlatform platform)
    {
        string full = Path.TrimEndingDirectorySeparator(FullPath(directory));
        return new RegistryLocation(full, full.Equals(platform.MachineDirectory, platform.PathComparison) ? PortRegistrySource.MachineWide : source);
    }

    // A relative one is of no use where the current directory was removed meanwhile; CON, NUL and COM1 are devices on Windows, wherever they stand.
    private static string FullPath(string directory)
    {
        try
        {
            string full = Path.GetFullPath(directory);
            return OperatingSystem.IsWindows() && full.StartsWith(DevicePrefix, StringComparison.Ordinal)
                ? throw NotAbsolute($"The registry '{directory}' would be the device '{full[DevicePrefix.Length..]}' of Windows, where no directory can be. Give it another name.")
                : full;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new PortRegistryException(
                PortRegistryErrorCode.RegistryUnavailable,
                $"The registry '{directory}' cannot be found from the current directory: {e.Message.TrimEnd('.')}. Name its whole path.",
                e);
        }
    }
}
