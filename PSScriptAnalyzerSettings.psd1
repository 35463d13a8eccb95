@{
    IncludeDefaultRules = $true
    Severity            = @('Error', 'Warning')
    ExcludeRules        = @(
        # Pester's blocks share variables that the analyser cannot follow.
        'PSUseDeclaredVarsMoreThanAssignments'
        # The cmdlets are compiled; functions here are helpers of tests and builds.
        'PSUseShouldProcessForStateChangingFunctions'
    )
    Rules               = @{
        PSPlaceOpenBrace           = @{ Enable = $true; OnSameLine = $true; NewLineAfter = $true; IgnoreOneLineBlock = $true }
        PSPlaceCloseBrace          = @{ Enable = $true; NewLineAfter = $true; IgnoreOneLineBlock = $true; NoEmptyLineBefore = $true }
        PSUseConsistentIndentation = @{ Enable = $true; IndentationSize = 4; PipelineIndentation = 'IncreaseIndentationForFirstPipeline'; Kind = 'space' }
        PSUseConsistentWhitespace  = @{ Enable = $true; CheckOpenBrace = $true; CheckOperator = $true; CheckPipe = $true; CheckSeparator = $true; IgnoreAssignmentOperatorInsideHashTable = $true }
        # Their script blocks use the parameters too.
        PSReviewUnusedParameter    = @{ CommandsToTraverse = @('Start-OperationBatch', 'Use-PortLease') }
        PSUseCompatibleSyntax      = @{ Enable = $true; TargetVersions = @('7.0') }
    }
}
