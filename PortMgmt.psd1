@{
    RootModule             = 'module/PortMgmt.psm1'
    ModuleVersion          = '0.1.0'
    GUID                   = '5f0d1a52-8c0e-4b6e-9d58-2c8f4f3a7b11'
    Author                 = 'PortMgmt contributors'
    CompanyName            = 'PortMgmt'
    Copyright              = '(c) PortMgmt contributors. MIT licence.'
    Description            = 'Port leases for every process on a host, without a daemon, and batches of operations from the pipeline.'
    # Update-Help shows an address that it cannot open, and this one says why there is none.
    HelpInfoURI            = 'offline:all-help-of-PortMgmt-is-in-the-module-itself-and-needs-no-update'
    PowerShellVersion      = '7.6'
    CompatiblePSEditions   = @('Core')
    FunctionsToExport      = @()
    CmdletsToExport        = @(
        'Clear-DaemonCache'
        'Export-DaemonReport'
        'Get-ClusterNode'
        'Get-ClusterQueue'
        'Get-Daemon'
        'Get-DaemonHealth'
        'Get-DaemonMetrics'
        'Get-FailedOperation'
        'Get-PortEnvironment'
        'Get-PortLease'
        'Get-PortListener'
        'Get-PortPolicy'
        'Initialize-PortRegistry'
        'New-Daemon'
        'New-PortLease'
        'Optimize-Daemon'
        'Remove-Daemon'
        'Remove-PortLease'
        'Remove-StalePort'
        'Resume-FailedOperation'
        'Set-Daemon'
        'Set-PortPolicy'
        'Start-OperationBatch'
        'Start-OperationWorker'
        'Test-Daemon'
        'Test-Port'
        'Update-PortLease'
        'Use-PortLease'
        'Wait-Port'
    )
    VariablesToExport      = @()
    AliasesToExport        = @()
    FormatsToProcess       = @('module/PortMgmt.Format.ps1xml')
    TypesToProcess         = @('module/PortMgmt.Types.ps1xml')
    PrivateData            = @{
        PSData = @{
            ReleaseNotes = 'CHANGELOG.md in the module has them.'
            Tags         = @('Port', 'Lease', 'Network', 'Batch', 'Parallel', 'Linux', 'macOS', 'Windows', 'PSEdition_Core')
        }
    }
}
