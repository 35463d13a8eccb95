using PortMgmt.Leases;
using PortMgmt.Leases.Allocation;
using PortMgmt.Ports;

namespace PortMgmt.Heads.Projects;

/// <summary>
/// What a project file (<c>portmgmt.json</c>) says: the ports of a project. It comes with a checkout, and so from anybody: it is read only
/// when it was asked for, and can name neither a file nor a command, only ports and the variables that have them.
/// </summary>
internal sealed class ProjectFile
{
    /// <summary>What the file is called where nobody says otherwise.</summary>
    public const string DefaultName = "portmgmt.json";

    private ProjectFile(string path, string? scope, IReadOnlyList<ProjectPort> ports)
    {
        Path = path;
        Scope = scope;
        Ports = ports;
        Variables = [.. ports.Select(static port => new PortVariable(port.Name, port.Variable))];
    }

    /// <summary>The file's full path.</summary>
    public string Path { get; }

    /// <summary>What the file says of the scope; null for nothing.</summary>
    public string? Scope { get; }

    /// <summary>The ports, in the order of the file; at least one.</summary>
    public IReadOnlyList<ProjectPort> Ports { get; }

    /// <summary>The variables of the ports, in the same order.</summary>
    public IReadOnlyList<PortVariable> Variables { get; }

    /// <summary>Reads a project file; nothing is leased, and no registry is looked at.</summary>
    /// <param name="path">The file, or the directory that has one of the usual name; relative to the current directory of the process.</param>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.ProjectFileNotFound"/>, or <see cref="PortRegistryErrorCode.ProjectFileInvalid"/> with the place and what would be right.</exception>
    public static ProjectFile Read(string path)
    {
        string file = GetFullPath(path);
        file = Directory.Exists(file) ? System.IO.Path.Combine(file, DefaultName) : file;
        try
        {
            (string? scope, IReadOnlyList<ProjectPort> ports) = ProjectReader.Read(ProjectText.Read(file));
            return new ProjectFile(file, scope, ports);
        }
        catch (ProjectFaultException fault)
        {
            throw Invalid(file, fault.At, fault.Message);
        }
    }

    /// <summary>The requests for its ports, one for each and in their order.</summary>
    /// <param name="registry">Where the ports are to be leased: its policy may speak against one.</param>
    /// <param name="scope">The scope that was asked for; null leaves it to <c>PORTMGMT_SCOPE</c>, then to the file, and at last to its directory.</param>
    /// <param name="common">What holds for all of them.</param>
    /// <param name="location">Where a scope that was asked for begins to look for a checkout; null for the current directory of the process.</param>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.ProjectFileInvalid"/>: the policy does not allow a port, or the scope is none.</exception>
    public IReadOnlyList<PortLeaseRequest> MakeRequests(PortRegistry registry, string? scope, PortLeaseRequest common, string? location = null)
    {
        string found = FindScope(scope, location);
        foreach (ProjectPort port in Ports)
        {
            for (int i = 0; i < port.Preferred.Count; i++)
            {
                if (registry.FindPolicyRefusal(port.Preferred[i], port.Protocol, port.Name, found) is { } refusal)
                {
                    throw Invalid(Path, ProjectReader.PlaceOf(port, i), $"{refusal}. Prefer another port, or have the policy changed (portmgmt policy shows it).");
                }
            }
        }

        return [.. Ports.Select(port => common with { Name = port.Name, Scope = found, Protocol = port.Protocol, PreferredPorts = port.Preferred })];
    }

    // A relative path is of no use where the current directory was removed.
    private static string GetFullPath(string path)
    {
        try
        {
            return System.IO.Path.GetFullPath(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw ProjectText.NotFound(path);
        }
    }

    // Two checkouts of one project in one shell must not be given the same ports: where nothing is said, the directory is the scope.
    private string FindScope(string? scope, string? location)
    {
        string directory = System.IO.Path.GetDirectoryName(Path)!;
        if (scope is not null || Environment.GetEnvironmentVariable(PortScope.Variable) is not null)
        {
            return PortScope.Find(scope, location);
        }

        try
        {
            return PortScope.Find(Scope ?? LeaseScope.GetRealPath(directory), directory);
        }
        catch (PortRegistryException refusal)
        {
            throw Invalid(Path, Scope is null ? "" : "scope", $"{refusal.Message} --scope or -Scope, or PORTMGMT_SCOPE, name another.");
        }
    }

    private static PortRegistryException Invalid(string file, string at, string message) =>
        new(PortRegistryErrorCode.ProjectFileInvalid, $"The project file '{file}' cannot be used: {(at.Length == 0 ? "" : at + ": ")}{message} Nothing was leased.");
}
