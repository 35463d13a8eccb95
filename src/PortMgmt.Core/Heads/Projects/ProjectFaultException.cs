namespace PortMgmt.Heads.Projects;

/// <summary>Something in a project file is not as it must be.</summary>
/// <param name="at">Where, as a path of JSON; empty for the whole.</param>
/// <param name="message">What, and what would be right.</param>
internal sealed class ProjectFaultException(string at, string message) : Exception(message)
{
    /// <summary>Where, as a path of JSON; empty for the whole.</summary>
    public string At => at;
}
