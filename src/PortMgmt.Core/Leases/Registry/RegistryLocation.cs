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

    /// <summary>Whether the users of the machine share it.</summary>
    public bool IsShared => Source == PortRegistrySource.MachineWide;

    public string LockFile => Path.Combine(Directory, "leases.lock");

    public string PolicyFile => Path.Combine(Directory, "policy.json");

    public string TableFile(HostPlatform platform) => Path.Combine(Directory, $"leases-{platform.InstanceId}.table");

    public static RegistryLocation Find(HostPlatform platform, string? directory)
    {
        if (!string.IsNullOrEmpty(directory))
        {
            return At(directory, PortRegistrySource.Option, platform);
        }

        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
        {
            return At(named, PortRegistrySource.Environment, platform);
        }

        return System.IO.Directory.Exists(platform.MachineDirectory)
            ? new RegistryLocation(platform.MachineDirectory, PortRegistrySource.MachineWide)
            : new RegistryLocation(platform.UserDirectory, PortRegistrySource.User);
    }

    // Named or found, the machine-wide directory is the machine-wide one: its files must be everybody's.
    private static RegistryLocation At(string directory, PortRegistrySource source, HostPlatform platform)
    {
        string full = Path.TrimEndingDirectorySeparator(FullPath(directory));
        return new RegistryLocation(full, full == platform.MachineDirectory ? PortRegistrySource.MachineWide : source);
    }

    /// <summary>The current directory, for what is named relative to it.</summary>
    public static string CurrentDirectory() => FullPath(".");

    // A relative one is of no use where the current directory was removed meanwhile.
    private static string FullPath(string directory)
    {
        try
        {
            return Path.GetFullPath(directory);
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
